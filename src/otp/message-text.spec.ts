import { type Language, languages } from '../platform/text/language';
import { segmentCount } from '../platform/text/segments';
import { challengeNoticeText, codeText, type Letterhead } from './message-text';
import type { Purpose } from './otp.types';

const purposes: Purpose[] = ['register', 'login', 'step_up', 'reset', 'phone_change', 'phone_verification'];
const pairs = languages.flatMap((language) => purposes.map((purpose) => [language, purpose] as const));
/** Of these the alphabet is outside GSM-7. */
const wide: readonly Language[] = ['ar', 'hi', 'ja', 'zh', 'zh-Hant'];

const usual: Letterhead = { app: 'Latchkey', origin: 'auth.example.com', androidAppHash: undefined };
const longest: Letterhead = { app: 'Twenty characters 20', origin: 'o'.repeat(60), androidAppHash: undefined };
const hashed: Letterhead = { ...usual, androidAppHash: 'FA+9qCX9VSu' };
const longestCode = '0123456789';

describe.each(pairs)('A24: the code message in %s to %s', (language, purpose) => {
  const text = codeText('123456', purpose, language, usual);

  it('ends in a blank line and the WebOTP line, and holds app and code once more before it', () => {
    const [words = '', blank, last, ...rest] = text.split('\n');
    expect([blank, last, rest]).toEqual(['', '@auth.example.com #123456', []]);
    expect(words.split('123456')).toHaveLength(2);
    expect(words.split('Latchkey')).toHaveLength(2);
    expect(words).not.toMatch(/[{}]|https?:|www\.|[0-9]{7}/);
  });

  it(`is one segment${wide.includes(language) ? ', or two' : ', even with the longest name, origin and code'}`, () => {
    if (wide.includes(language)) expect(segmentCount(text)).toBeLessThanOrEqual(2);
    else expect(segmentCount(codeText(longestCode, purpose, language, longest))).toBe(1);
  });

  it('has the hash of the Android app on a line of its own before the last, in as many segments', () => {
    const withHash = codeText('123456', purpose, language, hashed);
    expect(withHash.split('\n').slice(1)).toEqual(['', 'FA+9qCX9VSu', '@auth.example.com #123456']);
    expect(segmentCount(withHash)).toBeLessThanOrEqual(wide.includes(language) ? 2 : 1);
  });
});

it('A24: no two purposes share their words in any language, so that each is named', () => {
  for (const language of languages) {
    const texts = purposes.map((purpose) => codeText('123456', purpose, language, usual));
    expect(new Set(texts).size).toBe(purposes.length);
  }
});

it('the advice not to share the code is given where it takes no further segment', () => {
  const advised = codeText('123456', 'reset', 'de', usual);
  expect(advised).toContain('Geben Sie ihn niemals weiter.');
  const bare = codeText(longestCode, 'reset', 'de', longest);
  expect(bare).not.toContain('Geben Sie ihn');
  expect(segmentCount(`${bare}${' Geben Sie ihn niemals weiter.'}`)).toBe(2);
  expect(languages.filter((language) => codeText('123456', 'login', language, usual).split('\n')[0] === '')).toEqual(
    [],
  );
});

describe.each(languages)('A24: a notice in %s', (language) => {
  it.each(['register_attempt', 'factor_locked'] as const)(
    '%s names the app, holds no link and no number, and fits',
    (name) => {
      const text = challengeNoticeText(name, language, longest.app);
      expect(text).toContain(longest.app);
      expect(text).not.toMatch(/[{}]|https?:|www\.|[0-9]{4}/);
      const isLatin = !wide.includes(language) && language !== 'pl' && language !== 'tr';
      expect(segmentCount(text)).toBeLessThanOrEqual(isLatin ? 1 : 2);
    },
  );
});
