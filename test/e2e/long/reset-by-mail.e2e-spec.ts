// A reset of an account with a proved address needs the code by message and the one by mail; without a relay the address does nothing.
import type { ApiAnswer, ApiClient, TokensBody } from '../../support/api-client';
import { aNumber } from '../../support/expected';
import { until } from '../../support/patience';
import { clearFault, setFault } from '../../support/simulator-control';
import { askReset, eventsOf, kind, NEW_PASSWORD, opens } from '../../support/credentials';
import { addresses, askedEmail, confirmEmail } from '../../support/emails';
import { startSystem, type System } from '../../support/instance';
import { Operator } from '../../support/operator';
import { Person, phoneNumbers, wrongCodes } from '../../support/person';

const nextPhone = phoneNumbers();
const nextAddress = addresses();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    mail: true,
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off', LIMIT_RESET_DESTINATION: 'off' },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

interface Known {
  readonly person: Person;
  readonly address: string;
  readonly tokens: TokensBody;
}

async function withAddress(): Promise<Known> {
  const person = new Person(system, nextPhone());
  const tokens = await person.joined();
  const address = nextAddress();
  const { token, code } = await askedEmail(system, here, tokens, address);
  const { status, text } = await confirmEmail(here, tokens, token, code);
  if (status !== 200) throw new Error(text);
  return { person, address, tokens };
}

/** The challenge of a reset, and both of its codes. */
async function codesOf<Body extends { readonly challengeToken: string }>(
  { person, address }: Known,
  ask: () => Promise<ApiAnswer<Body>>,
) {
  const [sms, mail] = [await system.phone.newest(person.phone), await system.mailbox.newest(address)];
  const { status, body, text } = await ask();
  if (status !== 202) throw new Error(text);
  const code = await system.phone.codeFor(person.phone, { after: sms });
  return { challenge: body, token: body.challengeToken, code, emailCode: await system.mailbox.codeFor(address, mail) };
}
const forgotten = (known: Known, identifier = known.person.phone) => codesOf(known, () => askReset(here, identifier));

const reset = (challengeToken: string, code: string, more = {}, api = there) =>
  api.post<{ code?: string; methods?: string[]; attemptsLeft?: number }>('/v1/auth/password/reset', {
    challengeToken,
    code,
    newPassword: NEW_PASSWORD,
    ...more,
  });

it('A71: both codes are needed, each its own; the missing one is told to whoever has the first, the wrong one counts', async () => {
  const known = await withAddress();
  const { token, code, emailCode } = await forgotten(known);
  expect(code).not.toBe(emailCode);
  expect((await reset(token, code)).body).toMatchObject({ code: 'second_factor_required', methods: ['email'] });
  expect((await reset(token, wrongCodes(code, 1)[0] ?? '', { emailCode })).body).toMatchObject({ attemptsLeft: 4 });
  expect((await reset(token, emailCode, { emailCode: code })).body).toMatchObject({ attemptsLeft: 3 });
  expect((await reset(token, code, { emailCode: code })).body).toMatchObject({ code: 'code_invalid', attemptsLeft: 2 });
  expect((await reset(token, code, { emailCode })).status).toBe(204);
  expect(kind(await reset(token, code, { emailCode }))).toBe('401 code_expired');
  expect(await opens(known.person, NEW_PASSWORD)).toBe(true);
  expect((await system.mailbox.mailFor(known.address, ({ text }) => /was reset/.test(text))).code).toBeNull();
  // Two ways of recovery are no reset by SMS alone: no hold follows.
  const sql = 'SELECT recovered_at FROM users WHERE phone = $1';
  expect((await system.database.query(sql, [known.person.phone])).rows).toEqual([{ recovered_at: null }]);
});

it('A55: asked for by address or by number, of an account or not, the answer is the same, and mail goes to proved addresses only', async () => {
  const known = await withAddress();
  const byAddress = await forgotten(known, known.address.toUpperCase());
  const stranger = (await askReset(here, nextAddress())).body;
  const face = ({ destination, methods, channel, channels, codeLength, resendAfter, attemptsLeft }: typeof stranger) =>
    JSON.stringify({ destination, methods, channel, channels, codeLength, resendAfter, attemptsLeft });
  expect(face(byAddress.challenge)).toBe(face(stranger));
  expect((await reset(byAddress.token, byAddress.code, { emailCode: byAddress.emailCode })).status).toBe(204);

  const noted = new Person(system, nextPhone());
  await noted.joined({ email: 'noted@mail.example' });
  system.clock.advance(31);
  const after = await system.phone.newest(noted.phone);
  const { body } = await askReset(here, noted.phone);
  const code = await system.phone.codeFor(noted.phone, { after });
  expect((await reset(body.challengeToken, code)).status).toBe(204);
  expect(await system.mailbox.mails('noted@mail.example')).toEqual([]);
});

it('a code that is asked for again comes by both ways, the same ones', async () => {
  const known = await withAddress();
  system.clock.advance(31);
  const { token, code, emailCode } = await forgotten(known);
  system.clock.advance(31);
  const [sms, mail] = [await system.phone.newest(known.person.phone), await system.mailbox.newest(known.address)];
  expect((await known.person.resend(token)).status).toBe(202);
  expect(await system.phone.codeFor(known.person.phone, { after: sms })).toBe(code);
  expect(await system.mailbox.codeFor(known.address, mail)).toBe(emailCode);
});

it('A55: a reset whose message and mail are refused is asked for again no sooner than that of an unknown name', async () => {
  const known = await withAddress();
  system.clock.advance(31);
  await setFault(system, 'telnyx', { kind: 'status', status: 400 });
  await setFault(system, 'smtp', { kind: 'status', status: 550 });
  const tokens: string[] = [];
  for (const name of [known.address, nextAddress()]) tokens.push((await askReset(here, name)).body.challengeToken);
  // The mail and the message that there are, and the message that there is not.
  const refused = `SELECT 1 FROM mail_deliveries WHERE status = 'failed' UNION ALL SELECT 1 FROM sms_deliveries WHERE status = 'failed'`;
  await until(async () => (await system.database.query(refused)).rows.length >= 3, 'the third refusal');

  const faces = await Promise.all(tokens.map((token) => known.person.status(token)));
  expect(faces.map(({ resendAfter }) => resendAfter)).toEqual([aNumber, aNumber]);
  for (const { resendAfter } of faces) expect(resendAfter).toBeGreaterThan(0);
  const again = await Promise.all(tokens.map((token) => known.person.resend(token)));
  expect(again.map(kind)).toEqual(['429 rate_limited', '429 rate_limited']);
  for (const door of ['telnyx', 'smtp']) await clearFault(system, door);
});

it('A71: one that an operator has begun needs both codes as well', async () => {
  const known = await withAddress();
  const begin = () => new Operator(system).act(String(known.tokens.user['id']), 'start-reset');
  const { token, code, emailCode } = await codesOf(known, begin);
  expect((await reset(token, code)).body).toMatchObject({ code: 'second_factor_required', methods: ['email'] });
  expect((await reset(token, code, { emailCode })).status).toBe(204);
});

it('without a relay nothing is asked of the address; what is given then is a note', async () => {
  const known = await withAddress();
  await system.restart(0, { SMTP_URL: '' });
  const api = system.api;
  system.clock.advance(31);
  const after = await system.phone.newest(known.person.phone);
  const { body } = await askReset(api, known.person.phone);
  const code = await system.phone.codeFor(known.person.phone, { after });
  expect((await reset(body.challengeToken, code, {}, api)).status).toBe(204);

  const person = new Person(system, nextPhone(), undefined, api);
  const tokens = await person.joined();
  const noted = await api.post('/v1/users/me/email', { email: 'Jane@Mail.example' }, { token: tokens.accessToken });
  expect([noted.status, noted.body]).toMatchObject([200, { email: 'jane@mail.example', emailVerified: false }]);
  expect(kind(await api.post('/v1/auth/login', { identifier: 'jane@mail.example', password: person.password }))).toBe(
    '401 credentials_invalid',
  );
  expect(await eventsOf(system, person.phone)).toContain('email_noted');
});
