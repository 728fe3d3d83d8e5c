// Which numbers are served (A58), and that a number is one recipient or nothing (A63), with messages leaving or not.
import { allRun, JOBS } from '../support/queue';
import { PASSWORD } from '../support/accounts';
import type { ChallengeBody, ProblemBody } from '../support/api-client';
import { startSystem, type System } from '../support/instance';

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: { SMS_COUNTRIES: 'US,GB' } });
});
afterAll(() => system.stop());

function register(phone: unknown, more: Record<string, unknown> = {}) {
  return system.api.post<ChallengeBody & ProblemBody>('/v1/auth/register', { phone, password: PASSWORD, ...more });
}

/** Everything that reached the vendor so far. */
async function sent(): Promise<unknown[]> {
  const answer = await fetch(`${system.simulator}/requests`);
  return (await answer.json()) as unknown[];
}

async function expectNothingSent(work: () => Promise<void>): Promise<void> {
  await allRun(system);
  const before = await sent();
  await work();
  const { rows } = await system.database.query<{ jobs: string }>(
    `SELECT count(*) AS jobs FROM ${JOBS} WHERE task_identifier = 'sms'`,
  );
  expect(rows[0]?.jobs).toBe('0');
  expect(await sent()).toHaveLength(before.length);
}

it.each([
  ['premium rate in the United States', '+19005550123'],
  ['premium rate by its dial code', '+9791234567890'],
  ['a satellite phone', '+881612345678'],
  ['an international network', '+882161234567'],
  ['another international network', '+883510012345'],
  ['toll free', '+18005550123'],
  ['a personal number in Great Britain', '+447012345678'],
  ['a pager in Great Britain', '+447640123456'],
  ['a fixed line in Great Britain', '+442079460958'],
  ['Papua New Guinea', '+67570123456'],
  ['a country that does not exist', '+99912345678'],
  ['too short', '+1202'],
  ['too long', '+120255501234567890'],
  ['Canada, which shares the dial code of the United States', '+14165550123'],
  ['Jamaica, which shares it too', '+18762101234'],
  ['Guernsey, which shares that of Great Britain', '+447781123456'],
  ['Germany', '+4915112345678'],
  ['an emergency number', '+911'],
])('%s is 422 phone_not_supported and nothing is sent (A58)', async (_, phone) => {
  await expectNothingSent(async () => {
    const { status, body } = await register(phone);
    expect([status, body.code]).toEqual([422, 'phone_not_supported']);
  });
});

it.each([
  ['two numbers', '+12025550123,+447911123456'],
  ['two numbers and a semicolon', '+12025550123;+447911123456'],
  ['a line feed', '+12025550123\n+447911123456'],
  ['a carriage return', '+12025550123\r\nTo: +447911123456'],
  ['another parameter', '+12025550123&to=+447911123456'],
  ['an extension', '+12025550123;ext=9'],
  ['an extension in words', '+12025550123 ext. 9'],
  ['a phone context', 'tel:2025550123;phone-context=+1'],
  ['a URI', 'tel:+12025550123'],
  ['percent encoding', '%2B12025550123'],
  ['digits of another script', '+١٢٠٢٥٥٥٠١٢٣'],
  ['full-width digits', '+１２０２５５５０１２３'],
  ['letters', '+1202555CODE'],
  ['two plus signs', '++12025550123'],
  ['a plus sign inside', '+1202+5550123'],
  ['NUL', '+12025550123\0'],
  ['a zero-width space', '+1202\u200b5550123'],
  ['SQL', "+12025550123' OR '1'='1"],
  ['JSON', '{"$gt":""}'],
  ['33 characters', `+1 202 555 0123${' '.repeat(18)}`],
  ['nothing', ''],
  ['no plus', '12025550123'],
])('a phone with %s is 422 and nothing is sent (A63)', async (_, phone) => {
  await expectNothingSent(async () => {
    const { status, body } = await register(phone);
    expect([status, body.code]).toEqual([422, 'phone_not_supported']);
  });
});

it.each([12025550123, ['+12025550123'], { a: '+12025550123' }, null, true])(
  'a phone that is %p is 400',
  async (phone) => {
    await expectNothingSent(async () => {
      const { status, body } = await register(phone);
      expect([status, body.code]).toEqual([400, 'validation_failed']);
    });
  },
);

it('many spellings of one number are one number', async () => {
  const spellings = ['+14152030001', '+1 415 203 0001', '+1 (415) 203-0001', '  +1.415.203.0001'];
  for (const phone of spellings) {
    const { status, body } = await register(phone);
    expect([phone, status, body.destination]).toEqual([phone, 202, '+1******0001']);
  }
  const { rows } = await system.database.query('SELECT DISTINCT phone FROM registrations');
  expect(rows).toEqual([{ phone: '+14152030001' }]);
});

it('the message is the template byte for byte, whatever locale and names say (A63)', async () => {
  const phone = '+14152030002';
  const fields = {
    displayName: '{{7*7}} ${x} https://evil.tld',
    deviceName: 'https://evil.tld #000000',
    locale: 'de-AT',
  };
  expect((await register(phone, fields)).status).toBe(202);
  const { text, code, to } = await system.phone.messageFor(phone);
  expect(to).toBe(phone);
  const line = 'ist Ihr Code zur Registrierung bei Latchkey. Geben Sie ihn niemals weiter.';
  expect(text).toBe(`${code} ${line}\n\n@localhost #${code}`);
});

it.each(['de\r\nX: y', 'de_AT', 'https://evil.tld', '../de', 'x'.repeat(36)])(
  'a locale of %j is 400',
  async (locale) => {
    expect((await register('+14152030003', { locale })).status).toBe(400);
  },
);

it('login takes no other recipient or channel from the body, and resend neither', async () => {
  const { body } = await register('+14152030004');
  for (const extra of [{ phone: '+14152030005' }, { to: '+14152030005' }, { destination: '+14152030005' }]) {
    const resend = { challengeToken: body.challengeToken, ...extra };
    expect((await system.api.post('/v1/auth/otp/resend', resend)).status).toBe(400);
    const login = { identifier: '+14152030004', password: PASSWORD, ...extra };
    expect((await system.api.post('/v1/auth/login', login)).status).toBe(400);
  }
  expect(await system.phone.messages('+14152030005')).toEqual([]);
});
