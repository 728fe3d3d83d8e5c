// What arrives on the phone: in the language asked for or of the account, word by word, with the two lines that phones read.
import { handOversTo } from '../support/deliveries';
import { startSystem, type System } from '../support/instance';
import { Person, phoneNumbers } from '../support/person';
import { allRun, queueAgain } from '../support/queue';
import { clearFault, setFault } from '../support/simulator-control';

const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  const prices = { SMS_PRICES: 'telnyx:US=0.0079,telnyx:*=0.05', SMS_CURRENCY: 'EUR' };
  const text = { OTP_ORIGIN: 'auth.example.com', OTP_ANDROID_APP_HASH: 'FA+9qCX9VSu' };
  system = await startSystem({ env: { ...prices, ...text } });
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

describe('the record of a message has its segments, and what it costs by SMS_PRICES', () => {
  async function recorded(phone: string): Promise<unknown> {
    const sql = `SELECT d.country, d.segments, d.expected_price::float8 AS price, d.expected_currency AS currency
       FROM sms_deliveries d JOIN otp_attempts c ON c.id = d.reference_id WHERE c.phone = $1`;
    return (await system.database.query(sql, [phone])).rows;
  }

  it.each([
    ['en', nextPhone(), { country: 'US', segments: 1, price: 0.0079, currency: 'EUR' }],
    ['hi', nextPhone(), { country: 'US', segments: 2, price: 0.0158, currency: 'EUR' }],
    ['de', '+4915112000001', { country: 'DE', segments: 1, price: 0.05, currency: 'EUR' }],
  ])('in %s to %s', async (locale, phone, row) => {
    await new Person(system, phone).challenged('register', { locale });
    expect(await recorded(phone)).toEqual([row]);
  });

  it.each([
    ['nothing, when the vendor has refused it', 'status', null],
    ['the price, when it may have been sent', 'reset', 0.0079],
  ])('%s', async (_, kind, price) => {
    const person = new Person(system, nextPhone());
    await setFault(system, 'telnyx', kind === 'status' ? { kind, status: 400 } : { kind });
    const { challengeToken } = (await person.register()).body;
    await person.statusWhen(challengeToken, ({ delivery }) => delivery === 'failed');
    await clearFault(system, 'telnyx');
    expect(await recorded(person.phone)).toMatchObject([{ segments: 1, price }]);
  });

  it.each(['late', 'entered'])('F11: nothing, when its code was %s before its vendor was called', async (why) => {
    const person = new Person(system, nextPhone());
    const { token, code } = await person.challenged('register');
    // As a process leaves it that dies while the message waits for a place at its vendor.
    await system.database.query(
      `UPDATE sms_deliveries SET status = 'queued', failure_kind = 'not_called', provider_id = NULL, sent_at = NULL
        WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $1)`,
      [person.phone],
    );
    if (why === 'late') system.clock.advance(601);
    else expect((await person.verify(token, code)).status).toBe(200);
    await queueAgain(system, person.phone);
    await allRun(system);
    expect(await recorded(person.phone)).toMatchObject([{ price: null }]);
    expect(await handOversTo(system, person.phone)).toEqual([
      { provider: 'telnyx', status: 'failed', kind: 'expired' },
    ]);
  });

  it('the operator’s figures reckon with it, until the vendor tells its price', async () => {
    const [cheap, dear] = ['+4915112000011', '+4915112000012'];
    await new Person(system, cheap).challenged('register');
    await new Person(system, dear).challenged('register');
    const german = async () => {
      const { body } = await system.admin.get<{ byCountry: { country: string; unpriced: number; cost: unknown }[] }>(
        '/v1/admin/sms/stats',
        { token: system.adminKey },
      );
      const { unpriced, cost } = body.byCountry.find(({ country }) => country === 'DE') ?? {};
      return { unpriced, cost };
    };
    expect(await german()).toEqual({ unpriced: 0, cost: [{ currency: 'EUR', amount: 0.15 }] });
    await system.database.query(
      `UPDATE sms_deliveries SET price = 0.07, currency = 'USD' WHERE reference_id = (SELECT id FROM otp_attempts WHERE phone = $1)`,
      [dear],
    );
    expect((await german()).cost).toEqual(
      expect.arrayContaining([
        { currency: 'EUR', amount: 0.1 },
        { currency: 'USD', amount: 0.07 },
      ]),
    );
  });
});
