// F19, F20: no connection to be had, tables locked, a statement that hangs. The answer is 503 within seconds, what needs
// neither lives on, and no error gives a guess back (protocol.md 1.9).
import { Client, escapeLiteral } from 'pg';
import type { ApiAnswer, ApiClient, ProblemBody } from '../support/api-client';
import { changePassword, forgotten, resetAt, withCode } from '../support/credentials';
import { startSystem, type System } from '../support/instance';
import { brokenRules } from '../support/ledger';
import { PASSWORD, Person, phoneNumbers, wrongCodes } from '../support/person';
import { VerifyingApp } from '../support/verifying-app';

const nextPhone = phoneNumbers();
/** No answer waits for the end of the fault: it lasts until all have come. This bounds them on a machine however busy. */
const SOON_MILLISECONDS = 20_000;

async function timed<T>(work: Promise<T>): Promise<{ answer: T; milliseconds: number }> {
  const began = performance.now();
  const answer = await work;
  return { answer, milliseconds: performance.now() - began };
}

function expectBusy({ status, headers, body }: ApiAnswer<ProblemBody>): void {
  expect(status).toBe(503);
  expect(['overloaded', 'not_ready']).toContain(body.code);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('the database busy (F19, F20)', () => {
  let system: System;
  let api: ApiClient;
  /** The account the app connects as: ordinary, so that limits of connections hold for it. */
  const role = `app_${process.pid}_${Date.now()}`;

  beforeAll(async () => {
    system = await startSystem();
    await system.database.query(`
      CREATE ROLE ${role} LOGIN PASSWORD ${escapeLiteral(role)};
      GRANT USAGE ON SCHEMA public, graphile_worker TO ${role};
      GRANT ALL ON ALL TABLES IN SCHEMA public, graphile_worker TO ${role};
      GRANT ALL ON ALL SEQUENCES IN SCHEMA public, graphile_worker TO ${role};
      GRANT CREATE ON DATABASE ${system.database.options.connectionString!.split('/').pop()!} TO ${role};
      ALTER SCHEMA graphile_worker OWNER TO ${role}`);
    const { rows } = await system.database.query<{ text: string }>(
      `SELECT format('ALTER TABLE %s OWNER TO ${role}', c.oid::regclass) AS text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'graphile_worker' AND c.relkind IN ('r', 'v')
       UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO ${role}', p.oid::regprocedure) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'graphile_worker'`,
    );
    for (const { text } of rows) await system.database.query(text);
    const url = new URL(system.databaseUrl);
    url.username = role;
    url.password = role;
    await system.restart(0, { DATABASE_URL: url.href });
    api = system.api;
  });

  afterAll(async () => {
    const server = new URL(system.databaseUrl);
    await system.database.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP OWNED BY ${role}`);
    await system.stop();
    server.pathname = '/postgres';
    const client = new Client({ connectionString: server.href });
    await client.connect();
    await client.query(`DROP ROLE ${role}`);
    await client.end();
  });

  /** Locks a table against everybody until the work is done. */
  async function whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
    const client = await system.database.connect();
    try {
      await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      return await work();
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  }

  async function counted(phone: string): Promise<{ failed: number; consumed: boolean; sessions: number }> {
    const { rows } = await system.database.query<{ failed: number; consumed: boolean; sessions: number }>(
      `SELECT failed, consumed_at IS NOT NULL AS consumed, (SELECT count(*)::int FROM sessions s WHERE s.user_id = c.subject_id) AS sessions
         FROM otp_attempts c WHERE phone = $1 AND purpose = 'login' ORDER BY created_at DESC LIMIT 1`,
      [phone],
    );
    return rows[0]!;
  }

  /** Wrong codes that count for the account: within its windows, and in a row. */
  async function failuresOf(phone: string): Promise<unknown> {
    const { rows } = await system.database.query<object>(
      'SELECT cardinality(second_factor_fails) AS fails, second_factor_consecutive AS "inARow" FROM users WHERE phone = $1',
      [phone],
    );
    return rows[0];
  }

  it('F19: with every connection taken by others it answers 503 while there is none, and goes on by itself when there is one', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    await system.database.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
    await system.database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    const { answer, milliseconds } = await timed(Promise.all([person.login(), person.register()]));
    answer.forEach(expectBusy);
    expect(milliseconds).toBeLessThan(SOON_MILLISECONDS);
    expect((await api.get('/health/live')).status).toBe(200);
    expect((await api.get('/health/ready')).status).toBe(503);
    await system.database.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
    expect((await person.challenged('login')).code).toMatch(/^\d{6}$/);
  });

  it('F19: with the pool full of statements that wait for a lock nobody queues without bound', async () => {
    const person = new Person(system, nextPhone());
    const { refreshToken } = await person.joined();
    const refresh = () => api.post<ProblemBody>('/v1/auth/token/refresh', { refreshToken });
    // Logins wait for a place at the hashes first, and most are refused there.
    const answers = await whileLocked('users', () =>
      Promise.all(
        Array.from({ length: 120 }, (_, n) => timed<ApiAnswer<ProblemBody>>(n % 3 ? refresh() : person.login())),
      ),
    );
    for (const { answer } of answers) expectBusy(answer);
    expect(Math.max(...answers.map(({ milliseconds }) => milliseconds))).toBeLessThan(SOON_MILLISECONDS);
    // Most were refused without their turn: 20 connections, a second each, would take six seconds for all.
    expect(system.logs()).toContain('no free connection');
    expect((await refresh()).status).toBe(200);
  });

  it('F20: while users is locked, what needs it answers 503 and what does not is served', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    const { token, code } = await person.challenged('login');
    await whileLocked('users', async () => {
      const [login, register, verify] = await Promise.all([
        timed(person.login()),
        timed(person.register()),
        timed(person.verify(token, code)),
        api.get('/v1/users/me', { token: accessToken }),
      ]);
      for (const { answer, milliseconds } of [login, register, verify]) {
        expectBusy(answer);
        expect(milliseconds).toBeLessThan(SOON_MILLISECONDS);
      }
      expect((await person.status(token)).state).toBe('pending');
      expect((await api.get('/.well-known/jwks.json')).status).toBe(200);
      expect((await api.get('/health/ready')).status).toBe(200);
    });
    expect((await person.verify(token, code)).status).toBe(200);
    expect(system.logs()).not.toContain('40P01');
  });

  it.each<[string, (code: string) => string]>([
    ['wrong', (code) => wrongCodes(code, 1)[0]!],
    ['right', (code) => code],
  ])('F20: a %s code that met a lock on the account is answered 503 and counted', async (_, choose) => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token, code } = await person.challenged('login');
    const before = await counted(person.phone);
    const answer = await whileLocked('users', () => person.verify(token, choose(code)));
    expectBusy(answer);
    expect(await counted(person.phone)).toEqual({ ...before, failed: before.failed + 1 });
    expect((await person.verify(token, code)).status).toBe(200);
  });

  it('F20: so is one that a client app presents', async () => {
    const app = await VerifyingApp.make(system);
    const { token, code } = await app.challenged(nextPhone());
    expectBusy(await whileLocked('failure_budgets', () => app.check(token, code)));
    expect((await new Person(system, '').status(token)).attemptsLeft).toBe(4);
    expect((await app.check(token, code)).status).toBe(200);
  });

  it('F20: locks never buy a sixth guess', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token, code } = await person.challenged('login');
    await whileLocked('users', () => Promise.all(Array.from({ length: 8 }, () => person.verify(token, code))));
    expect((await person.verify(token, code)).body.code).toBe('challenge_locked');
    expect((await counted(person.phone)).failed).toBe(5);
  });

  it.each<[string, (token: string) => unknown]>([
    ['has expired', () => system.clock.advance(3600)],
    ['was withdrawn', (token) => changePassword(api, token, PASSWORD)],
  ])('F20: at a challenge that %s nothing is counted', async (_, end) => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    const { token, code } = await person.challenged('login');
    await end(accessToken);
    expect(['expired', 'superseded']).toContain((await person.status(token)).state);
    expectBusy(await whileLocked('users', () => person.verify(token, code)));
    expect((await person.status(token)).attemptsLeft).toBe(5);
  });

  it('F20, A02: guesses that the log refuses count for the account, as many as their challenge took, and a stranger’s do not', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken } = await person.joined();
    const login = await person.challenged('login');
    const reset = await forgotten(person);
    const elsewhere = new Person(system, nextPhone());
    const move = await withCode(elsewhere, () =>
      api.post('/v1/users/me/phone', { phone: elsewhere.phone }, { token: accessToken }),
    );
    const wrong = ({ code }: { code: string }) => wrongCodes(code, 1)[0]!;
    await system.database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';
      CREATE TRIGGER refuse BEFORE INSERT ON audit_log FOR EACH ROW WHEN (NEW.event LIKE 'otp_%') EXECUTE FUNCTION refuse()`);
    try {
      await Promise.all(Array.from({ length: 12 }, () => person.verify(login.token, wrong(login))));
      expect(await failuresOf(person.phone)).toEqual({ fails: 5, inARow: 5 });
      expectBusy(await resetAt(api, reset.token, wrong(reset)));
      expect(await failuresOf(person.phone)).toEqual({ fails: 5, inARow: 5 });
      const body = { challengeToken: move.token, code: wrong(move) };
      expectBusy(await api.post<ProblemBody>('/v1/users/me/phone/confirm', body, { token: accessToken }));
      expect(await failuresOf(person.phone)).toEqual({ fails: 6, inARow: 6 });
    } finally {
      await system.database.query('DROP TRIGGER refuse ON audit_log; DROP FUNCTION refuse()');
    }
  });

  it('F20: a statement that hangs in a trigger is ended with 503; the guess in it is counted, nothing else is kept', async () => {
    const person = new Person(system, nextPhone());
    await person.joined();
    const { token, code } = await person.challenged('login');
    const before = await counted(person.phone);
    await system.database.query(`
      CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END';
      CREATE TRIGGER hang BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION hang()`);
    try {
      const [verify, register, status] = await Promise.all([
        timed(person.verify(token, code)),
        timed(new Person(system, nextPhone()).register()),
        timed(person.status(token)),
      ]);
      expectBusy(verify.answer);
      expectBusy(register.answer);
      // What the trigger does not touch is served before it, not behind it.
      expect(status.milliseconds).toBeLessThan(Math.min(verify.milliseconds, register.milliseconds));
      expect(Math.max(verify.milliseconds, register.milliseconds)).toBeLessThan(SOON_MILLISECONDS);
      expect(await counted(person.phone)).toEqual({ ...before, failed: before.failed + 1 });
    } finally {
      await system.database.query('DROP TRIGGER hang ON audit_log; DROP FUNCTION hang()');
    }
    expect((await person.verify(token, code)).status).toBe(200);
    expect(await brokenRules(system.database)).toEqual({});
  });
});
