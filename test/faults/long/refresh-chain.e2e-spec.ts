// N3, N4, N5 over crashes: instances die by kill -9 and PostgreSQL by an immediate stop while clients refresh without pause and codes
// are entered. Each client does what ours does: an answer that does not come is asked for again. Nobody is logged out, no theft
// is seen, what was ended stays ended, and no code counts twice.
import { Pool } from 'pg';
import { CrashingPostgres } from '../../support/crashing-postgres';
import { refreshAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { limitsOff } from '../../support/limits';
import { patiently, until } from '../../support/patience';
import { Person, phoneNumbers, type TokensAnswer } from '../../support/person';
import { certain, progress, RefreshChain } from '../../support/refresh-chain';

jest.setTimeout(patiently(180_000));

const CLIENTS = 3;
/** What a client gets done between two crashes, so that each crash meets work in flight. */
const STEPS = 3;
const nextPhone = phoneNumbers();
let postgres: CrashingPostgres;
let system: System;
let database: Pool;

beforeAll(async () => {
  postgres = await CrashingPostgres.start();
  system = await startSystem({
    instances: 2,
    env: {
      ...limitsOff('LIMIT_UNAUTHENTICATED', 'LIMIT_REFRESH_FAMILY', 'LIMIT_SMS_DESTINATION', 'LIMIT_SMS_ACCOUNT'),
      DATABASE_URL: postgres.url,
      MIGRATE_ON_START: 'true',
      JWT_ISSUER: 'https://id.example',
    },
  });
  database = new Pool({ connectionString: postgres.url, max: 2 });
  database.on('error', () => undefined);
});

afterAll(async () => {
  await database.end();
  await system.stop();
  await postgres.stop();
});

async function chains(): Promise<RefreshChain[]> {
  const people = Array.from({ length: CLIENTS }, () => new Person(system, nextPhone()));
  const tokens = await Promise.all(people.map((person) => person.joined()));
  return tokens.map((each) => new RefreshChain(system, each));
}

/** The grace is time of the Clock: however long this machine takes over a crash, for the sessions it takes none. */
async function outOfTime(work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  await work();
  system.clock.advance((began - performance.now()) / 1000);
}

async function count(sql: string, values: readonly unknown[]): Promise<number> {
  return (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, [...values])).rows[0]?.n ?? -1;
}

const crashes: Readonly<Record<string, () => Promise<void>>> = {
  'an instance': async () => {
    await system.kill(0, 'SIGKILL');
    await system.restart(0);
  },
  PostgreSQL: () => postgres.crash(),
};

it.each(Object.keys(crashes))(
  'F16, N3: %s crashes twice under clients that refresh: every session goes on, and no theft is seen',
  async (what) => {
    const all = await chains();
    for (let round = 0; round < 2; round += 1) {
      await progress(all, STEPS);
      await outOfTime(crashes[what] ?? (() => Promise.reject(new Error(what))));
      await progress(all, STEPS);
    }
    const last = await Promise.all(all.map((chain) => chain.stop()));
    expect(all.flatMap(({ refusals }) => refusals)).toEqual([]);
    for (const [at, chain] of all.entries()) {
      expect((await refreshAt(system.api, { refreshToken: last[at] ?? '' })).status).toBe(200);
      const { sessionId, steps } = chain;
      expect(await count(`audit_log WHERE session_id = $1 AND event = 'authn_token_reuse'`, [sessionId])).toBe(0);
      // N11: what was answered is on record; a change whose answer was lost is there as well.
      const renewed = await count(`audit_log WHERE session_id = $1 AND event = 'session_renewed'`, [sessionId]);
      const { rows } = await database.query<{ generation: number }>(
        'SELECT refresh_generation AS generation FROM sessions WHERE id = $1',
        [sessionId],
      );
      expect(renewed).toBe(rows[0]?.generation);
      expect(steps).toBeGreaterThanOrEqual(4 * STEPS);
    }
  },
);

it('F16, N4: a logout and a theft that were answered stay after PostgreSQL crashed at once', async () => {
  const [left, stolen] = [new Person(system, nextPhone()), new Person(system, nextPhone())];
  const [mine, theirs] = [await left.joined(), await stolen.joined()];
  const { body: renewed } = await refreshAt(system.api, theirs);
  system.clock.advance(11);
  const [ended, reused] = await Promise.all([
    system.api.post('/v1/auth/logout', { refreshToken: mine.refreshToken }),
    refreshAt(system.api, theirs),
  ]);
  expect([ended.status, reused.body.code]).toEqual([204, 'refresh_reused']);
  await postgres.crash();
  for (const tokens of [mine, theirs, renewed]) {
    for (const api of system.apis) {
      const answer = await until(() => certain(refreshAt(api, tokens)), 'an answer', 45_000);
      expect(answer.body.code).toBe('token_invalid');
    }
  }
});

it('F15, F16, N5: of codes entered while PostgreSQL crashes each makes one session or none, and whoever got tokens keeps them', async () => {
  const people = Array.from({ length: 8 }, () => new Person(system, nextPhone()));
  await Promise.all(people.map((person) => person.joined()));
  const pending = await Promise.all(people.map((person) => person.challenged('login')));
  const verify = (at: number): Promise<TokensAnswer> =>
    (people[at] as Person).verify(pending[at]?.token ?? '', pending[at]?.code);
  const first = people.map((_, at) => certain(verify(at)));
  await outOfTime(() => postgres.crash());
  for (const [at, answered] of (await Promise.all(first)).entries()) {
    const again = await until(() => certain(verify(at)), 'an answer', 60_000);
    expect([200, 401]).toContain(again.status);
    if (answered?.status === 200) {
      expect(again.body.code).toBe('code_expired');
      expect((await refreshAt(system.api, answered.body)).status).toBe(200);
    }
    const sql = `sessions s JOIN users u ON u.id = s.user_id WHERE u.phone = $1`;
    const made = await count(sql, [people[at]?.phone]);
    const consumed = await count(`otp_attempts WHERE phone = $1 AND purpose = 'login' AND consumed_at IS NOT NULL`, [
      people[at]?.phone,
    ]);
    expect({ consumed, made }).toEqual({ consumed: 1, made: 2 });
  }
});
