import { dictionary } from '@zxcvbn-ts/language-common';
import { commonPasswords } from './common-passwords';
import { faultOf, fold, PasswordRules } from './password.policy';

let common: ReadonlySet<string>;
beforeAll(async () => {
  common = await commonPasswords(12);
});
const rules: PasswordRules = {
  minLength: 12,
  contextWords: ['Latchkey', 'auth.example.com', 'Straße Bank'],
  phoneDigits: ['447911123456', '7911123456'],
  isCommon: (folded) => common.has(folded),
};
const fault = (password: string) => faultOf(password, rules);

describe('A50: length is counted in code points, and any characters may be used', () => {
  it.each([
    ['11', 'k7'.repeat(5) + 'z', 'too_short'],
    ['12', 'k7'.repeat(6), undefined],
    ['64', 'a very long phrase '.repeat(4).slice(0, 64), undefined],
    ['128', 'x'.repeat(128), undefined],
    ['129', 'x'.repeat(129), 'too_long'],
    ['11 emoji, which are 22 UTF-16 units', '🦊'.repeat(11), 'too_short'],
    ['12 emoji', '🦊'.repeat(12), undefined],
    ['128 emoji, which are 512 bytes', '🦊'.repeat(128), undefined],
    ['spaces only', ' '.repeat(12), undefined],
    ['lower case only', 'purplemonkeydish', undefined],
    ['right to left', 'סיסמה ארוכה מאוד', undefined],
    ['64 CJK characters', '字'.repeat(64), undefined],
    ['empty', '', 'too_short'],
  ])('%s', (_case, password, expected) => {
    expect(fault(password)).toBe(expected);
  });

  it.each([
    ['a lone surrogate', `${'k7'.repeat(8)}\ud800`],
    ['NUL', `${'k7'.repeat(8)}\0`],
  ])('refuses text that is not well formed: %s', (_case, password) => {
    expect(fault(password)).toBe('ill_formed');
  });
});

describe('A51: what is tried first is refused when it is the whole password', () => {
  const ranked = dictionary['passwords-common'].filter((entry) => entry.length >= 12);

  it('every common password that is long enough, in any case and width', () => {
    expect(ranked.length).toBeGreaterThan(50);
    const variants = ranked.flatMap((entry) => [entry, entry.toUpperCase(), fullWidth(entry)]);
    expect(variants.filter((entry) => fault(entry) !== 'blocklisted')).toEqual([]);
  });

  it.each([
    ['the name of the service, though short', 'latchKEY'],
    ['its host', 'Auth.Example.com'],
    ['a name that only folding finds', 'STRASSE BANK'],
    ['their own number', '+447911123456'],
    ['their own number, spelled otherwise', '+44 (7911) 123-456'],
    ['its national form', '07911 123456'],
  ])('%s', (_case, password) => {
    expect(fault(password)).toBe('blocklisted');
  });

  it.each([
    ['a phrase that contains a common password', `${ranked[0] ?? ''} and a horse`],
    ['a phrase that contains the name', 'my latchkey is under the mat'],
    ["a stranger's number", '447911123457'],
  ])('%s is accepted', (_case, password) => {
    expect(fault(password)).toBeUndefined();
  });
});

it('keeps entries down to the shortest length that may be configured', async () => {
  const short = await commonPasswords(8);
  expect(short.has('password')).toBe(true);
  expect(short.size).toBeGreaterThan(10_000);
  expect(fold('ＰＡＳＳＷＯＲＤ')).toBe('password');
});

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
}
