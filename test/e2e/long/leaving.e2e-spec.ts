// An account is deleted by its person: it and all that hangs on it are gone at once and for good (A39), what is kept of it names nobody,
// and whoever has the number next begins with nothing of it. On two instances.
import type { ApiClient } from '../../support/api-client';
import { changePassword, claimsOf, forgotten, kind, meAt, noticed } from '../../support/credentials';
import { refreshAt, resetAt, stepUp, withCode } from '../../support/credentials';
import { cliRecords } from '../../support/cli';
import { allIsSent } from '../../support/deliveries';
import { everyTable } from '../../support/dump';
import { recoveryCodes } from '../../support/factors';
import { startSystem, type System } from '../../support/instance';
import { Operator, USERS } from '../../support/operator';
import { until } from '../../support/patience';
import { newcomer, Person, phoneNumbers } from '../../support/person';
import { AuthenticatorApp } from '../../support/totp';

const EMAIL = 'ada.lovelace@example.org';
const NAME = 'Ada, Countess';
const nextPhone = phoneNumbers();
let system: System;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  system = await startSystem({
    instances: 2,
    env: {
      LIMIT_UNAUTHENTICATED: 'off',
      LIMIT_SMS_DESTINATION: 'off',
      LIMIT_SMS_ACCOUNT: 'off',
      LIMIT_PASSWORD_ACCOUNT: '2/15m',
      JWT_ISSUER: 'https://id.example',
    },
  });
  [here, there] = system.both;
});
afterAll(() => system.stop());

const leave = (token: string, api = here) =>
  api.request<{ code?: string }>('DELETE', '/v1/users/me', undefined, { token });

const newPerson = (extra = {}) => newcomer(system, nextPhone(), extra);

async function rows<Row = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<Row[]> {
  return (await system.database.query(sql, values)).rows as Row[];
}

/** How many rows each table has that refers to the users by a foreign key. */
async function hangingOn(userId: unknown): Promise<Record<string, number>> {
  const links = await rows<{ table: string; column: string }>(
    `SELECT c.conrelid::regclass::text AS "table", a.attname AS "column" FROM pg_constraint c
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass`,
  );
  const counts = links.map(async ({ table, column }) => {
    const [row] = await rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1`, userId);
    return [table, row?.n ?? -1] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

it('A39: the row and all that hangs on it are gone, and every token, code and factor is dead on every instance', async () => {
  const { person, tokens } = await newPerson({ email: EMAIL, displayName: NAME });
  const second = await person.challenged('login');
  const other = (await person.verify(second.token, second.code)).body;
  await AuthenticatorApp.enrolled(person, tokens.accessToken);
  await recoveryCodes(person, tokens.accessToken);
  const [{ id } = { id: '' }] = await rows<{ id: string }>('SELECT id FROM users WHERE phone = $1', person.phone);
  expect(Object.values(await hangingOn(id)).reduce((sum, n) => sum + n)).toBeGreaterThan(3);
  const login = (await person.login()).body.challengeToken;
  const elsewhere = new Person(system, nextPhone());
  const move = await withCode(elsewhere, () =>
    here.post('/v1/users/me/phone', { phone: elsewhere.phone }, { token: tokens.accessToken }),
  );
  expect((await meAt(there, tokens)).status).toBe(200);

  expect(kind(await leave(tokens.accessToken))).toBe('204');

  expect(await rows('SELECT id FROM users WHERE id = $1', id)).toEqual([]);
  expect(Object.values(await hangingOn(id)).every((n) => n === 0)).toBe(true);
  expect(kind(await meAt(here, tokens))).toBe('401 token_invalid');
  for (const dead of [tokens, other]) expect(kind(await refreshAt(there, dead))).toBe('401 token_invalid');
  expect(kind(await person.login())).toBe('401 credentials_invalid');
  expect(kind(await person.verify(login, '000000', { method: 'totp' }))).toBe('401 code_expired');
  expect(await person.resend(login)).toMatchObject({ status: 401 });
  expect((await person.status(login)).state).toBe('superseded');
  system.clock.advance(6);
  for (const api of [here, there]) {
    for (const dead of [tokens, other]) expect(kind(await meAt(api, dead))).toBe('401 token_invalid');
    const body = { challengeToken: move.token, code: move.code };
    expect(kind(await api.post('/v1/users/me/phone/confirm', body, { token: tokens.accessToken }))).toBe(
      '401 token_invalid',
    );
    expect(kind(await leave(tokens.accessToken, api))).toBe('401 token_invalid');
  }
  expect(await noticed(system, person.phone, /was deleted/)).toMatch(/Not you\?/);
});

it('what is kept names nobody: the record of events, a digest of the number, and challenges and notices of a day or two', async () => {
  const { person, tokens } = await newPerson({ email: `2.${EMAIL}`, displayName: `${NAME} 2` });
  const { sub, sid } = claimsOf(tokens);
  expect(kind(await leave(tokens.accessToken))).toBe('204');
  await noticed(system, person.phone, /was deleted/);

  const dump = (await everyTable(system)).split('\n-- ').map((table) => table.split('\n'));
  const holding = (text: string) =>
    dump.filter((lines) => lines.some((line) => line.includes(text))).map(([name]) => name);
  expect([holding(`2.${EMAIL}`), holding(`${NAME} 2`)]).toEqual([[], []]);
  const queued = 'graphile_worker._private_jobs'; // none of ours holds a number, done or not
  expect(
    holding(person.phone)
      .filter((name) => name !== queued)
      .sort(),
  ).toEqual(['public.notices', 'public.otp_attempts']);
  expect(holding(String(sub)).sort()).toEqual(['public.audit_log', 'public.deleted_accounts']);

  const events = await rows('SELECT event, session_id AS sid FROM audit_log WHERE user_id = $1 ORDER BY id', sub);
  expect(events).toContainEqual({ event: 'user_created', sid });
  expect(events).toContainEqual({ event: 'user_deleted', sid });
  const [remembered] = await rows<{ size: number; at: Date }>(
    'SELECT length(phone_digest) AS size, deleted_at AS at FROM deleted_accounts WHERE user_id = $1',
    sub,
  );
  expect(remembered?.size).toBe(32);
  expect(Math.abs(Number(remembered?.at) - system.clock.now().getTime())).toBeLessThan(60_000);
});

it('A55: a reset that was asked for before looks, to whoever holds it, like one of a number without an account', async () => {
  const { person, tokens } = await newPerson();
  const reset = await forgotten(person);
  const nobody = new Person(system, nextPhone());
  const decoy = (await here.post<{ challengeToken: string }>('/v1/auth/password/forgot', { identifier: nobody.phone }))
    .body.challengeToken;
  expect(kind(await leave(tokens.accessToken))).toBe('204');
  const faces = async (token: string, code: string) => {
    const answers = [await resetAt(there, token, code), await resetAt(here, token, code)];
    return answers.map(({ status, body }) => [status, body.code, body.attemptsLeft]);
  };
  expect(await faces(reset.token, reset.code)).toEqual(await faces(decoy, '000000'));
  const shown = (token: string) => person.status(token).then((s) => [s.state, s.delivery, s.next]);
  expect(await shown(reset.token)).toEqual(await shown(decoy));
  // Asked for again it is sent to nobody.
  const codes = async () => (await system.phone.messages(person.phone)).filter((one) => one.code !== null).length;
  const before = await codes();
  system.clock.advance(31);
  expect((await person.resend(reset.token)).status).toBe(202);
  await allIsSent(system);
  expect(await codes()).toBe(before);
});

it('the number is free at once, and its next account has nothing of the one before', async () => {
  const { person, tokens } = await newPerson({ displayName: NAME, locale: 'de' });
  await AuthenticatorApp.enrolled(person, tokens.accessToken);
  await recoveryCodes(person, tokens.accessToken);
  const stranger = new Person(system, person.phone, 'not the password at all');
  for (let guess = 0; guess < 6; guess += 1) await stranger.login();
  const reset = await here.post<{ challengeToken: string }>('/v1/auth/password/forgot', { identifier: person.phone });
  await allIsSent(system); // a code that comes later would be taken for that of the registration
  expect(kind(await leave(tokens.accessToken))).toBe('204');

  const next = new Person(system, person.phone, 'another-harbor-52-candle');
  const fresh = await next.joined();
  expect(fresh.user).toMatchObject({ displayName: null, locale: null, secondFactors: ['sms'] });
  expect(fresh.user['id']).not.toBe(tokens.user['id']);
  expect(kind(await changePassword(here, fresh.accessToken, next.password, 'meadow-quartz-77-ember'))).toBe('204');
  const one = { token: fresh.accessToken };
  expect((await here.get<{ items: object[] }>('/v1/auth/sessions', one)).body.items).toHaveLength(1);
  expect((await here.get('/v1/users/me/recovery-codes', one)).body).toEqual({ remaining: 0 });
  for (const api of [here, there]) {
    expect(kind(await refreshAt(api, tokens))).toBe('401 token_invalid');
    expect(kind(await meAt(api, tokens))).toBe('401 token_invalid');
  }
  expect(kind(await person.login())).toBe('401 credentials_invalid');
  // Not delayed by guesses at the one before: its own password is looked at at once.
  expect((await new Person(system, next.phone, 'meadow-quartz-77-ember').login()).status).toBe(200);
  expect(kind(await resetAt(here, reset.body.challengeToken, '000000'))).toBe('401 code_invalid');
});

it('wants a fresh sign-in or step-up, and waits after a reset by SMS alone', async () => {
  const { person, tokens } = await newPerson();
  system.clock.advance(601);
  const { body } = await refreshAt(here, tokens);
  expect(kind(await leave(body.accessToken))).toBe('403 step_up_required');
  const { body: stepped } = await stepUp(person, body.accessToken);
  const recovered = (at: Date | null) => rows('UPDATE users SET recovered_at = $2 WHERE phone = $1', person.phone, at);
  await recovered(system.clock.now());
  expect(kind(await leave(stepped.accessToken))).toBe('403 recently_recovered');
  await recovered(null);
  expect(kind(await leave(stepped.accessToken))).toBe('204');
});

it('N4: a session that was ended on another instance a moment ago deletes nothing, though its token is still remembered here', async () => {
  for (const how of ['logout-all', 'logout']) {
    const { person, tokens } = await newPerson();
    expect((await meAt(there, tokens)).status).toBe(200);
    const body = how === 'logout' ? { refreshToken: tokens.refreshToken } : {};
    expect(kind(await here.post(`/v1/auth/${how}`, body, { token: tokens.accessToken }))).toBe('204');
    expect((await meAt(there, tokens)).status).toBe(200);
    expect([how, kind(await leave(tokens.accessToken, there))]).toEqual([how, '401 token_invalid']);
    expect(await rows('SELECT id FROM users WHERE phone = $1', person.phone)).toHaveLength(1);
  }
});

it('a page forgets its cookies with the account, that of the trusted device too', async () => {
  const person = new Person(system, nextPhone());
  const { token, code } = await person.challenged('register', { tokenDelivery: 'cookie' });
  const { body } = await person.verify(token, code);
  const { status, headers } = await leave(body.accessToken);
  expect([status, headers.getSetCookie(), headers.get('clear-site-data')]).toEqual([
    204,
    [expect.stringMatching(/^__Host-rt=;.*Max-Age=0/), expect.stringMatching(/^__Host-td=;.*Max-Age=0/)],
    '"storage"',
  ]);
});

/** Has the queue run the retention job now, and waits until `done` holds of what is left. */
async function retentionUntil(done: () => Promise<boolean>): Promise<void> {
  await rows(`SELECT graphile_worker.add_job('retention')`);
  await until(done, 'the end of retention', 30_000, 50);
}

it('what is kept goes in its time: ids of vendors after two hours, the number after two days, the tombstone after thirty', async () => {
  const [{ person, tokens }, other] = [await newPerson(), await newPerson()];
  await person.challenged('login');
  await forgotten(person);
  expect((await changePassword(here, tokens.accessToken, person.password, 'meadow-quartz-77-ember')).status).toBe(204);
  await noticed(system, person.phone, /password was changed/);
  expect(kind(await leave(tokens.accessToken))).toBe('204');
  await noticed(system, person.phone, /was deleted/);
  const named = async (phone: string) => {
    const sql = 'SELECT count(*)::int AS n FROM sms_deliveries WHERE provider_id IS NOT NULL AND phone_masked = $1';
    return (await rows<{ n: number }>(sql, `+1******${phone.slice(-4)}`))[0]?.n ?? -1;
  };
  const handedOver = await named(person.phone);
  expect(handedOver).toBeGreaterThan(3);

  system.clock.advance(7200 + 60);
  await retentionUntil(async () => (await named(person.phone)) === 0);
  expect(await named(other.person.phone)).toBe(1);
  system.clock.advance(2 * 86_400);
  await retentionUntil(async () => !(await everyTable(system)).includes(person.phone));
  const remembered = () => rows('SELECT FROM deleted_accounts WHERE user_id = $1', tokens.user['id']);
  expect(await remembered()).toHaveLength(1);
  const deleted = (who: string) => new Operator(system).ask('GET', `${USERS}/deleted?phone=${encodeURIComponent(who)}`);
  expect((await deleted(person.phone)).body.items).toMatchObject([{ userId: tokens.user['id'] }]);
  expect((await deleted(other.person.phone)).body).toEqual({ items: [], nextCursor: null });
  expect((await deleted('nobody at all')).body.items).toEqual([]);
  expect(await cliRecords(system.env, 'users', 'deleted', person.phone)).toMatchObject([{ userId: tokens.user['id'] }]);
  system.clock.advance(28 * 86_400);
  await retentionUntil(async () => (await remembered()).length === 0);
});
