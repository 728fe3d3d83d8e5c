// Which passwords may be chosen and what counts as the same one (A50 to A52), through register and login.
import { logIn, PASSWORD, signUp } from '../support/accounts';
import type { ProblemBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';
import { commonPasswords } from '../../src/auth/password/common-passwords';

let system: System;
let next = 0;
beforeAll(async () => {
  system = await startSystem({ env: { APP_NAME: 'Harbour Lights' } });
});
afterAll(() => system.stop());

const newPhone = () => `+1415202${String((next += 1)).padStart(4, '0')}`;

async function register(password: unknown, phone = newPhone()): Promise<[number, string | undefined]> {
  const { status, body } = await system.api.post<ProblemBody>('/v1/auth/register', { phone, password });
  return [status, status === 202 ? undefined : body.code];
}

describe('length and alphabet (A50)', () => {
  const emoji = '\u{1F511}';
  it.each<[string, string]>([
    ['12 characters', 'xkcd-9!Wqz7.'],
    ['12 emoji', emoji.repeat(12)],
    ['12 letters that are two code units and four bytes each', '\u{20000}'.repeat(11) + 'x'],
    ['64 characters', 'Zq7.'.repeat(16)],
    ['128 characters', 'Zq7.'.repeat(32)],
    ['128 emoji', emoji.repeat(128)],
    ['64 CJK characters', '密'.repeat(64)],
    ['spaces only', ' '.repeat(12)],
    ['a space at each end', ' quiet harbour '],
    ['letters only, in lower case', 'zqvbnmwrtkgh'],
    ['right-to-left script', 'סיסמה ארוכה מאוד'],
    ['a tab and a line feed', 'tabs\tand\nlines'],
  ])('takes %s, and they log in', async (_, password) => {
    const phone = newPhone();
    await signUp(system, phone, password);
    await logIn(system, phone, password);
  });

  it.each<[string, string, number, string]>([
    ['11 characters', 'xkcd-9!Wqz7', 422, 'password_too_short'],
    ['11 emoji, though they are 22 code units', emoji.repeat(11), 422, 'password_too_short'],
    ['nothing', '', 422, 'password_too_short'],
    ['129 characters', 'Zq7.'.repeat(32) + 'x', 422, 'password_too_long'],
    ['129 emoji', emoji.repeat(129), 422, 'password_too_long'],
    ['NUL', `with\0nul and more`, 400, 'validation_failed'],
    ['half a surrogate pair', `half of a pair \ud800`, 400, 'validation_failed'],
  ])('refuses %s', async (_, password, status, code) => {
    expect(await register(password)).toEqual([status, code]);
  });

  it.each([12_345_678_901_234, true, null, ['a'.repeat(14)], { a: 1 }])(
    'refuses %p, which is no text',
    async (value) => {
      expect(await register(value)).toEqual([400, 'validation_failed']);
    },
  );
});

describe('words that are guessed first (A51)', () => {
  it('refuses 50 of the common passwords that are long enough, in any case', async () => {
    const words = [...(await commonPasswords(12))];
    const step = Math.max(1, Math.floor(words.length / 50));
    const sample = words.filter((_, index) => index % step === 0).slice(0, 50);
    expect(sample.length).toBeGreaterThanOrEqual(Math.min(50, words.length));
    for (const [index, word] of sample.entries()) {
      const spelled = index % 2 === 0 ? word : word.toUpperCase();
      expect([word, ...(await register(spelled))]).toEqual([word, 422, 'password_blocklisted']);
    }
  });

  it('refuses the name of the product, its host and the own number, however they are written', async () => {
    const phone = '+14152029998';
    for (const word of [
      'Harbour Lights',
      'harbourlights',
      'HARBOUR LIGHTS',
      '127.0.0.1',
      '+14152029998',
      '14152029998',
    ]) {
      expect([word, ...(await register(word, phone))]).toEqual([word, 422, 'password_blocklisted']);
    }
    expect(await register('(415) 202-9998', phone)).toEqual([422, 'password_blocklisted']);
  });

  it('takes a long phrase that contains such a word, and the number of somebody else', async () => {
    for (const phrase of ['password1234 is a bad one', 'my harbour lights at night', 'call +14152029998 now']) {
      expect(await register(phrase)).toEqual([202, undefined]);
    }
  });
});

describe('every character counts (A52)', () => {
  const eighty = 'Aa bB'.repeat(16);
  const phone = '+14152029001';

  it('changed case, trimmed, one character changed at 75, the first 72: none is the password', async () => {
    await signUp(system, phone, eighty);
    const near = [
      eighty.toLowerCase(),
      eighty.toUpperCase(),
      ` ${eighty}`,
      `${eighty} `,
      `${eighty.slice(0, 75)}x${eighty.slice(76)}`,
      eighty.slice(0, 72),
      eighty.slice(0, 79),
      eighty.replaceAll(' ', ''),
      `${eighty}\0`,
      '',
    ];
    for (const password of near) {
      const { status, body } = await system.api.post<ProblemBody>('/v1/auth/login', { identifier: phone, password });
      expect([password, status, body.code]).toEqual([password, 401, 'credentials_invalid']);
    }
    await logIn(system, phone, eighty);
  });

  it('a password of several bytes a character is not cut at 72 bytes', async () => {
    const other = '+14152029002';
    const password = '密'.repeat(60) + '甲乙丙丁';
    await signUp(system, other, password);
    const near = { identifier: other, password: '密'.repeat(60) + '甲乙丙戊' };
    expect((await system.api.post('/v1/auth/login', near)).status).toBe(401);
  });

  it('the same text composed in another way is the same password (NFKC)', async () => {
    const other = '+14152029003';
    await signUp(system, other, 'caf\u00e9 au lait, deux');
    await logIn(system, other, 'cafe\u0301 au lait, deux');
  });

  it('what is stored is neither the password nor its plain bcrypt', async () => {
    const { rows } = await system.database.query<{ password_hash: string }>('SELECT password_hash FROM users');
    expect(rows.length).toBeGreaterThan(10);
    for (const { password_hash: hash } of rows) expect(hash).toMatch(/^v1\$[a-z0-9]+\$\$2b\$04\$[./A-Za-z0-9]{53}$/);
    expect(new Set(rows.map(({ password_hash: hash }) => hash)).size).toBe(rows.length);
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
  });
});

// ASVS 6.2.10
it('a password does not age: after two years it is still the one, and nothing asks for another', async () => {
  const phone = newPhone();
  await signUp(system, phone);
  system.clock.advance(2 * 365 * 86_400);
  await logIn(system, phone, PASSWORD);
});
