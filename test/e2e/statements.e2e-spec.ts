// P8, P10: a request costs the statements it promises, each named, and each of them stays an index look-up when its tables are
// large and its plan is generic. The statements are caught on the wire as the running API sends them, so none is forgotten.
import { startSystem, type System } from '../support/instance';
import { askReset, changePassword, forgotten, resetAt, stepUp, withCode } from '../support/credentials';
import { until } from '../support/patience';
import { PASSWORD, Person, wrongCodes } from '../support/person';
import { runJob } from '../support/queue';
import { StatementTap } from '../support/statement-tap';
import { VerifyingApp } from '../support/verifying-app';

const ROWS = 100_000;
const HOT_TABLES = [
  'users',
  'otp_attempts',
  'sessions',
  'rate_limits',
  'unverified_sends',
  'spend_windows',
  'failure_budgets',
  'registrations',
];
/** Statements of the job that sends, which runs beside the request. */
const ofTheJob = /^(delivery_|otp_for_sending|notice_)|SET SESSION|audit_record/;
/** Asked by whoever logs in first in a minute, for all (ADR 47). */
const onceAMinute = 'imported_password_sample';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

describe('the statements of a request', () => {
  let system: System;
  let tap: StatementTap;
  /** What jobs send, and the reading of keys. */
  let besides: StatementTap;
  let person: Person;

  beforeAll(async () => {
    system = await startSystem();
    besides = await StatementTap.before(system.databaseUrl, 'latchkey-work');
    tap = await StatementTap.before(besides.through(system.databaseUrl), 'latchkey');
    await system.restart(0, { DATABASE_URL: tap.through(system.databaseUrl) });
    person = new Person(system, '+14152000001');
  });

  afterAll(async () => {
    await system.stop();
    await tap.close();
    await besides.close();
  });

  async function statementsOf(request: () => Promise<{ status: number }>, status: number): Promise<string[]> {
    tap.taken();
    expect((await request()).status).toBe(status);
    return ofTheRequest(tap.taken());
  }

  /** While a transaction runs, of whomever on this server, that is older than the account's row, it is not sure how many sessions live (sessions.sql.ts). */
  async function accountSettled(): Promise<void> {
    const text = `SELECT FROM users WHERE phone = $1 AND age(xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid)`;
    const isSettled = async () => (await system.database.query(text, [person.phone])).rowCount !== 0;
    await until(isSettled, 'an end of the transactions that are older than the account');
  }

  it('P8: verify is one statement, register one, login two, resend two, refresh one, users/me one', async () => {
    const { token, code } = await person.challenged('register');
    expect(await statementsOf(() => person.verify(token, code), 200)).toEqual(['verify_registration']);
    const other = new Person(system, '+14152000002');
    expect(await statementsOf(() => other.register(), 202)).toEqual(['issue_registration']);

    expect(await statementsOf(() => person.login(), 200)).toEqual(['login_attempt_by_phone', 'issue_login']);
    system.clock.advance(301);
    const login = await person.challenged('login');
    expect(await statementsOf(() => person.verify(login.token, wrongCodes(login.code, 1)[0]), 401)).toEqual([
      'verify_login',
    ]);
    system.clock.advance(31);
    const resend = await statementsOf(() => person.resend(login.token), 202);
    expect(resend).toEqual(['otp_find', 'resend_to_account']);
    await accountSettled();
    tap.taken();
    const tokens = await person.verify(login.token, login.code);
    expect(ofTheRequest(tap.taken())).toEqual(['verify_login']);
    // A code that is not looked at: why, and of a challenge that is over, how.
    const refused = await statementsOf(() => person.verify(login.token, login.code), 401);
    expect(refused).toEqual(['verify_login', 'verify_refused_sms', 'otp_find']);

    const renew = () => system.api.post('/v1/auth/token/refresh', { refreshToken: tokens.body.refreshToken });
    expect(await statementsOf(renew, 200)).toEqual(['refresh_session']);
    // The same again, which the first statement does not take.
    expect(await statementsOf(renew, 200)).toEqual(['refresh_session', 'refresh_session_judged']);
    const me = () => system.api.get('/v1/users/me', { token: tokens.body.accessToken });
    expect(await statementsOf(me, 200)).toEqual(['session-liveness']);
    expect(await statementsOf(me, 200)).toEqual(['user_by_id']);
  });

  // The look of each minute whether to rotate may fall into any window, so it is made to fall into this one.
  it('A28: fifty made-up key ids cost no statement each: the keys are read every five seconds, and for an unknown one as seldom', async () => {
    system.clock.advance(6); // so that the first made-up one has them read
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const began = performance.now();
    besides.taken();
    for (let n = 0; n < 50; n += 1) {
      const header = { alg: 'ES256', typ: 'at+jwt', kid: `made-up-${n}` };
      const token = `${encoded(header)}.${encoded({ sub: 'x' })}.${'A'.repeat(86)}`;
      expect(await statementsOf(() => system.api.get('/v1/users/me', { token }), 401)).toEqual([]);
      if (n === 25) await runJob(system, 'signing_keys');
    }
    const names = besides.taken();
    const reads = names.filter((name) => name === 'signing-keys-all').length;
    expect(reads).toBeLessThanOrEqual(2 + (2 * (performance.now() - began)) / 5000);
    expect(names).toContain('signing-keys-to-rotate');
  });

  it('P8: verifying a phone for a client app is one statement to ask, one to check', async () => {
    const app = await VerifyingApp.make(system);
    const { token, code } = await app.challenged('+14152000005');
    const of = async (request: () => Promise<{ status: number }>, status: number) =>
      (await statementsOf(request, status)).filter((name) => !/^clients_/.test(name));
    expect(await of(() => app.start('+14152000006'), 201)).toEqual(['issue_phone_verification']);
    expect(await of(() => app.check(token, wrongCodes(code, 1)[0]), 401)).toEqual(['check_phone_verification']);
    expect(await of(() => app.check(token, code), 200)).toEqual(['check_phone_verification']);
  });

  it('names every statement', async () => {
    const nobody = new Person(system, '+14152000003', 'not the password');
    await nobody.login();
    await new Person(system, 'somebody@example.com').login();
    const second = new Person(system, '+14152000004');
    const { token } = await second.challenged('register');
    await second.status(token);
    system.clock.advance(31);
    await second.resend(token);
    system.clock.advance(31);
    const third = new Person(system, '+14152000005');
    const { accessToken } = await third.joined();
    await stepUp(third, accessToken);
    await changePassword(system.api, accessToken, PASSWORD);
    const moved = new Person(system, '+14152000006');
    const change = await withCode(moved, () =>
      system.api.post('/v1/users/me/phone', { phone: moved.phone }, { token: accessToken }),
    );
    const confirmed = { challengeToken: change.token, code: change.code };
    expect((await system.api.post('/v1/users/me/phone/confirm', confirmed, { token: accessToken })).status).toBe(200);
    await askReset(system.api, 'somebody@example.com');
    const reset = await forgotten(moved);
    expect((await resetAt(system.api, reset.token, reset.code, PASSWORD)).status).toBe(204);
    const unnamed = tap
      .taken()
      .filter((name) => /\s/.test(name) && /users|otp_attempts|sessions|rate_limits/.test(name));
    expect(unnamed).toEqual([]);
  });

  it(`P10: with ${ROWS} rows a table, no statement's generic plan reads a whole table`, async () => {
    const client = await system.database.connect();
    try {
      await client.query(fill);
      for (const table of HOT_TABLES) await client.query(`ANALYZE ${table}`);
      await client.query('SET plan_cache_mode = force_generic_plan');
      const scans: string[] = [];
      const named = [...tap.texts].filter(([name]) => name !== '');
      expect(named.length).toBeGreaterThanOrEqual(24);
      for (const [name, text] of named) {
        const parameters = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
        const values = parameters === 0 ? '' : `(${Array.from({ length: parameters }, () => 'NULL').join(', ')})`;
        await client.query(`PREPARE "${name}" AS ${text}`);
        const explain = `EXPLAIN (FORMAT JSON) EXECUTE "${name}"${values}`;
        const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(explain);
        const tables = rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan: plan }) => wholeTables(plan)));
        scans.push(...tables.map((table) => `${name} reads all of ${table}`));
      }
      expect(scans).toEqual([]);
    } finally {
      client.release(true);
    }
  });
});

function ofTheRequest(names: readonly string[]): string[] {
  return names.filter((name) => !ofTheJob.test(name) && name !== onceAMinute);
}

function wholeTables(plan: Plan): string[] {
  const table = plan['Relation Name'] ?? '';
  const own = plan['Node Type'] === 'Seq Scan' && HOT_TABLES.includes(table) ? [table] : [];
  // An index by expiry serves retention; to find one row by it is to read the table.
  const index = plan['Index Name'] ?? '';
  const byExpiry = index.endsWith('_expires_at_idx') ? [index] : [];
  return [...own, ...byExpiry, ...(plan.Plans ?? []).flatMap(wholeTables)];
}

const fill = `
  INSERT INTO users (id, phone, password_hash, last_authenticated_at, created_at)
    SELECT gen_random_uuid(), '+4915' || (100000000 + n), 'none', now(), now() FROM generate_series(1, ${ROWS}) n;
  INSERT INTO registrations (id, phone, password_hash, created_at)
    SELECT gen_random_uuid(), '+4916' || (100000000 + n), 'none', now() FROM generate_series(1, ${ROWS}) n;
  INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, sends, channel, client_id)
    SELECT gen_random_uuid(), sha256(n::text::bytea), 'login', 'k1', 6, gen_random_uuid(), '+4915' || (100000000 + n), 5, now(),
           now() + n * interval '1 second', ARRAY[now()], 'sms', 'first-party' FROM generate_series(1, ${ROWS}) n;
  INSERT INTO sessions (id, user_id, auth_epoch, client_id, amr, authenticated_at, created_at, last_used_at, expires_at, idle_expires_at, refresh_digest)
    SELECT gen_random_uuid(), id, 0, 'first-party', ARRAY['pwd'], now(), now(), now(), now(), now(), '\\x00' FROM users;
  INSERT INTO rate_limits (key, hits, touched_at) SELECT 'n' || n, ARRAY[now()], now() FROM generate_series(1, ${ROWS}) n;
  INSERT INTO unverified_sends (key, sends, verified, touched_at) SELECT 'n' || n, '{}', '{}', now() FROM generate_series(1, ${ROWS}) n;
  INSERT INTO spend_windows (scope, window_start, shard, n) SELECT 'n' || n, now(), 0, 1 FROM generate_series(1, ${ROWS}) n;
  INSERT INTO failure_budgets (key, touched_at) SELECT 'n' || n, now() FROM generate_series(1, ${ROWS}) n;`;
