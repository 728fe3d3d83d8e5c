// F31: PostgreSQL takes no writes, being read-only (a standby, or a provider's answer to a full disk) or full. What writes is answered 503
// and leaves nothing behind, what only reads is served, and all is well again without a restart.
import type { ApiAnswer, ProblemBody } from '../../support/api-client';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { until } from '../../support/patience';
import { Person, phoneNumbers } from '../../support/person';
import { LIMITS_OFF_BUT_OF_NUMBERS } from '../../races/burst';

/** A connection may have been opened while the fault lasted: each is found out by one refusal, and there are 24. */
const CONNECTIONS = 24;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ env: LIMITS_OFF_BUT_OF_NUMBERS });
});
afterAll(() => system.stop());

async function cutConnections(): Promise<void> {
  await system.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
}

/** As providers do when the disk is full: what is connected from now on may read. */
async function readOnly(state: 'on' | 'off'): Promise<void> {
  const { rows } = await system.database.query<{ name: string }>('SELECT current_database() AS name');
  const name = rows[0]?.name ?? '';
  await system.database.query('SET default_transaction_read_only = off');
  await system.database.query(`ALTER DATABASE ${name} SET default_transaction_read_only = ${state}`);
  await cutConnections();
}

/** Every table whose rows a request adds: no block is to be had for one row more. */
const TABLES = ['otp_attempts', 'registrations', 'users', 'sessions', 'audit_log', 'rate_limits', 'failure_budgets'];

async function diskFull(state: 'on' | 'off'): Promise<void> {
  if (state === 'off') return void (await system.database.query('DROP FUNCTION no_room() CASCADE'));
  await system.database.query(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`);
  for (const table of TABLES) {
    await system.database.query(
      `CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION no_room()`,
    );
  }
}

const everything = async (): Promise<string> => {
  const counts = TABLES.filter((table) => table !== 'audit_log').map((table) => `(SELECT count(*) FROM ${table})`);
  const { rows } = await system.database.query<{ all: string }>(`SELECT concat_ws(',', ${counts.join(', ')}) AS all`);
  return rows[0]?.all ?? '';
};

function expectAway({ status, headers, body }: ApiAnswer<ProblemBody>): void {
  expect([status, body.code]).toEqual([503, 'not_ready']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

describe.each([
  ['read-only', readOnly],
  ['full', diskFull],
] as const)('F31: PostgreSQL is %s', (what, make) => {
  it('answers 503 to what writes, serves what reads, and recovers without a restart, with nothing half done', async () => {
    const person = new Person(system, nextPhone());
    const { accessToken, refreshToken } = await person.joined();
    const { token, code } = await person.challenged('login');
    const pid = system.pid(0);
    await make('on');
    const before = await everything();
    try {
      const writes = await Promise.all([
        person.verify(token, code),
        new Person(system, nextPhone()).register(),
        system.api.post<ProblemBody>('/v1/auth/token/refresh', { refreshToken }),
        system.api.post<ProblemBody>('/v1/auth/password/forgot', { identifier: person.phone }),
      ]);
      writes.forEach(expectAway);
      expect(await everything()).toBe(before);
      for (const path of ['/v1/users/me', '/v1/auth/sessions']) {
        expect([path, (await system.api.get(path, { token: accessToken })).status]).toEqual([path, 200]);
      }
      expect((await system.api.get('/health/live')).status).toBe(200);
      expect((await system.api.get('/health/ready')).status).toBe(what === 'read-only' ? 503 : 200);
    } finally {
      await make('off');
    }
    expect(await refusals(() => person.verify(token, code))).toBeLessThanOrEqual(CONNECTIONS);
    expect((await system.api.post('/v1/auth/token/refresh', { refreshToken })).status).toBe(200);
    // The queue as well: a message is on the phone.
    await new Person(system, nextPhone()).joined();
    expect((await system.api.get('/health/ready')).status).toBe(200);
    expect(system.pid(0)).toBe(pid);
    expect(await brokenRules(system.database)).toEqual({});
    expect(system.logs()).not.toContain('"problem":"internal"');
  });
});

/** How often it was told to come back before it was served. */
async function refusals(work: () => Promise<ApiAnswer<unknown>>): Promise<number> {
  let refused = 0;
  const isServed = async (): Promise<boolean> => {
    const { status, text } = await work();
    if (status === 200) return true;
    if (status !== 503) throw new Error(`${status} ${text}`);
    refused += 1;
    return false;
  };
  await until(isServed, 'a 200', 30_000, 1);
  return refused;
}
