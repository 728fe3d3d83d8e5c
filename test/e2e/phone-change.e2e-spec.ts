// A new number for an account: proved by a code, told to both numbers, the only one afterwards (A42, N8). That a number is taken shows
// only to whoever has proved it (A73); one whose account is idle moves (A98). On two instances.
import type { ApiClient, TokensBody } from '../support/api-client';
import {
  askStepUp,
  claimsOf,
  eventsOf,
  forgotten,
  kind,
  meAt,
  noticed,
  refreshAt,
  resetAt,
  withCode,
} from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { type ChallengeAnswer, newcomer, PASSWORD, Person, phoneNumbers, wrongCodes } from '../support/person';

const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: { LIMIT_UNAUTHENTICATED: 'off', LIMIT_SMS_DESTINATION: 'off', JWT_ISSUER: 'https://id.example' },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

const newPerson = () => newcomer(system, nextPhone());

const ask = (token: string, phone: string, api = here): Promise<ChallengeAnswer> =>
  api.post('/v1/users/me/phone', { phone }, { token });
const confirm = ({ accessToken }: TokensBody, challengeToken: string, code: string, api = there) =>
  api.post<TokensBody['user'] & { code?: string }>(
    '/v1/users/me/phone/confirm',
    { challengeToken, code },
    { token: accessToken },
  );
/** A challenge for the new number, and the code that came to it. */
const asked = ({ accessToken }: TokensBody, phone: string) =>
  withCode(new Person(system, phone), () => ask(accessToken, phone));
const phoneOf = async ({ user }: TokensBody) => {
  const { rows } = await system.database.query<{ phone: string | null }>('SELECT phone FROM users WHERE id = $1', [
    user['id'],
  ]);
  return rows[0]?.phone;
};

// ASVS 6.3.7, 10.3.3
it('A42, N8: the number moves, the session stays, all else ends, both numbers are told, and the person is the same', async () => {
  const { person, tokens } = await newPerson();
  const login = await person.challenged('login');
  const { body: other } = await person.verify(login.token, login.code);
  const step = await withCode(person, () => askStepUp(here, tokens.accessToken, PASSWORD));
  const reset = await forgotten(person);
  const phone = nextPhone();
  const { token, code } = await asked(tokens, phone);
  expect(await phoneOf(tokens)).toBe(person.phone);

  const { status, body } = await confirm(tokens, token, code);
  expect([status, body['id'], body['phone']]).toEqual([200, tokens.user['id'], `+1******${phone.slice(-4)}`]);

  expect(await phoneOf(tokens)).toBe(phone);
  expect((await meAt(there, tokens)).status).toBe(200);
  const renewed = (await refreshAt(here, tokens)).body;
  expect(claimsOf(renewed)['sub']).toBe(claimsOf(tokens)['sub']);
  expect(kind(await refreshAt(here, other))).toBe('401 token_invalid');
  expect(kind(await person.verify(step.token, step.code))).toBe('401 code_expired');
  expect(kind(await resetAt(here, reset.token, reset.code))).toBe('401 code_invalid');
  expect(kind(await confirm(renewed, token, code))).toBe('401 code_expired');
  expect(kind(await person.login())).toBe('401 credentials_invalid');
  expect((await new Person(system, phone).login()).status).toBe(200);
  expect(await noticed(system, person.phone, /no longer the number/)).toMatch(/Not you\?/);
  expect(await noticed(system, phone, /now the number/)).toMatch(/Not you\?/);
  const events = (await eventsOf(system, phone)).filter((event) => /^phone_change|notice/.test(event)).sort();
  expect(events).toEqual(['notice_queued', 'notice_queued', 'phone_change_completed', 'phone_change_requested']);
});

it('A73: a taken and a free number are answered alike; only a right code from it tells, and then nothing has moved', async () => {
  const [{ person, tokens }, owner] = [await newPerson(), await newPerson()];
  const free = await ask(tokens.accessToken, nextPhone());
  system.clock.advance(31);
  const { token, code } = await asked(tokens, owner.person.phone);
  system.clock.advance(31);
  const before = await system.phone.newest(owner.person.phone);
  const again = await ask(tokens.accessToken, owner.person.phone);
  await system.phone.codeFor(owner.person.phone, { after: before }); // or it comes later, and is taken for the last one
  const face = ({ status, body }: ChallengeAnswer) => [status, Object.keys(body), body.resendAfter, body.attemptsLeft];
  expect(face(again)).toEqual(face(free));
  // One change waits at a time: the second has replaced the first.
  expect(kind(await confirm(tokens, token, code))).toBe('401 code_expired');
  system.clock.advance(31);
  const last = await asked(tokens, owner.person.phone);
  expect(kind(await confirm(tokens, last.token, wrongCodes(last.code, 1)[0] ?? ''))).toBe('401 code_invalid');
  const taken = await confirm(tokens, last.token, last.code);
  expect(taken.body).toMatchObject({ status: 409, code: 'conflict', errors: [{ pointer: '/phone', code: 'taken' }] });
  expect((await eventsOf(system, person.phone)).at(-1)).toBe('phone_change_conflict');
  expect(kind(await confirm(tokens, last.token, last.code))).toBe('401 code_expired');
  expect([await phoneOf(owner.tokens), await phoneOf(tokens)]).toEqual([owner.person.phone, person.phone]);
  expect((await meAt(here, owner.tokens)).status).toBe(200);
  expect((await refreshAt(here, tokens)).status).toBe(200);
});

it('A98: the number of an account that is idle for 90 days moves, its account stays without one and its sessions end', async () => {
  const [{ tokens }, idle] = [await newPerson(), await newPerson()];
  await idle.person.becomeIdle();
  const { token, code } = await asked(tokens, idle.person.phone);
  expect((await confirm(tokens, token, code)).status).toBe(200);
  expect([await phoneOf(tokens), await phoneOf(idle.tokens)]).toEqual([idle.person.phone, null]);
  expect(kind(await refreshAt(here, idle.tokens))).toBe('401 token_invalid');
  const released = `SELECT count(*)::int AS n FROM audit_log WHERE user_id = $1 AND event = 'phone_released'`;
  expect((await system.database.query(released, [idle.tokens.user['id']])).rows).toEqual([{ n: 1 }]);
});

// ASVS 2.2.3, 7.5.1
it('wants a fresh session and a number that is another, of a kind and country that is served', async () => {
  const { person, tokens } = await newPerson();
  for (const phone of [person.phone, `${person.phone.slice(0, 5)} ${person.phone.slice(5)}`, '+19005550123', 'x']) {
    expect([phone, kind(await ask(tokens.accessToken, phone))]).toEqual([phone, '422 phone_not_supported']);
  }
  system.clock.advance(601);
  const { body } = await refreshAt(here, tokens);
  expect(kind(await ask(body.accessToken, nextPhone()))).toBe('403 step_up_required');
  await system.database.query('UPDATE users SET recovered_at = $2 WHERE phone = $1', [
    person.phone,
    system.clock.now(),
  ]);
  const { body: stepped } = await withCode(person, () => askStepUp(here, body.accessToken, PASSWORD)).then(
    ({ token, code }) => person.verify(token, code),
  );
  expect(kind(await ask(stepped.accessToken, nextPhone()))).toBe('403 recently_recovered');
});

it('the code is good for the session that asked, and at no other route', async () => {
  const [mine, theirs] = [await newPerson(), await newPerson()];
  const { token, code } = await asked(mine.tokens, nextPhone());
  expect(kind(await confirm(theirs.tokens, token, code))).toBe('401 token_invalid');
  const login = await mine.person.challenged('login');
  const { body: second } = await mine.person.verify(login.token, login.code);
  expect(kind(await confirm(second, token, code))).toBe('401 token_invalid');
  expect(kind(await mine.person.verify(token, code))).toBe('401 token_type_invalid');
  expect(kind(await resetAt(here, token, code))).toBe('401 token_type_invalid');
  expect((await confirm(mine.tokens, token, code)).status).toBe(200);
});
