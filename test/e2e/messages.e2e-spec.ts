// What arrives on the phone: in the language asked for or of the account, word by word, with the two lines that phones read.
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: { OTP_ORIGIN: 'auth.example.com', OTP_ANDROID_APP_HASH: 'FA+9qCX9VSu' } });
});

afterAll(() => system.stop());

const newest = async (phone: string) => (await system.phone.messages(phone))[0]?.text;
const linesFor = (code: string) => `\n\nFA+9qCX9VSu\n@auth.example.com #${code}`;

it('A24: a registration is answered in the language asked for, and the account keeps to it', async () => {
  const person = new Person(system, nextPhone());
  const { token, code } = await person.challenged('register', { locale: 'de-AT' });
  const german = `${code} ist Ihr Code zur Registrierung bei Latchkey. Geben Sie ihn niemals weiter.${linesFor(code)}`;
  expect(await newest(person.phone)).toBe(german);
  await person.verify(token, code);
  const login = await person.challenged('login');
  expect(await newest(person.phone)).toContain(`${login.code} ist Ihr Code zur Anmeldung bei Latchkey.`);
});

it('the language of a login goes before that of the account', async () => {
  const person = new Person(system, nextPhone());
  await person.joined({ locale: 'ja' });
  const { code } = await person.challenged('login', { locale: 'zh-HK' });
  expect(await newest(person.phone)).toBe(`${code}是您登入Latchkey的驗證碼。請勿告知他人。${linesFor(code)}`);
});

it.each([[undefined], ['sv-SE'], ['de-1'], ['hi-Latn']])('A63: locale %s is answered in English', async (locale) => {
  const person = new Person(system, nextPhone());
  const { code } = await person.challenged('register', locale === undefined ? {} : { locale });
  expect(await newest(person.phone)).toBe(
    `${code} is your Latchkey code to finish signing up. Never share it.${linesFor(code)}`,
  );
});

it('A63: what is no language tag is refused, and nothing is sent', async () => {
  const person = new Person(system, nextPhone());
  for (const locale of ['de\r\nhttps://evil.example', 'https://evil.example', '../../de', '{code}', '']) {
    expect((await person.register({ locale })).status).toBe(400);
  }
  expect(await system.phone.messages(person.phone)).toEqual([]);
});

it('A55: the owner of a number reads of an attempt to register it in their own language, whatever the stranger asked for', async () => {
  const owner = new Person(system, nextPhone());
  await owner.joined({ locale: 'fr-CA' });
  const before = await system.phone.newest(owner.phone);
  const stranger = new Person(system, owner.phone, 'another-password-77');
  expect((await stranger.register({ locale: 'hi' })).status).toBe(202);
  const { text, code } = await system.phone.messageFor(owner.phone, { after: before });
  expect([text, code]).toEqual([expect.stringMatching(/^Quelqu'un a voulu créer un compte Latchkey/), null]);
});

it('a notice about the account is in its language', async () => {
  const person = new Person(system, nextPhone());
  const { refreshToken } = await person.joined({ locale: 'pt-AO' });
  const before = await system.phone.newest(person.phone);
  const refresh = () => system.api.post('/v1/auth/token/refresh', { refreshToken });
  expect((await refresh()).status).toBe(200);
  system.clock.advance(11);
  expect((await refresh()).status).toBe(401);
  const { text } = await system.phone.messageFor(person.phone, { after: before });
  expect(text).toMatch(/^Foi encerrado um acesso à sua conta Latchkey/);
});
