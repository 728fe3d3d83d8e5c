// F36: two instances clear out at once while people sign in. In batches of at most a thousand, nothing that is young, nobody is turned
// away and nobody waits for a lock. And what is begun just then does not lose what it needs. RETENTION_ROWS is how many rows are old: 10000 unless told.
import { forgotten, kind, resetAt } from '../../support/credentials';
import { startSystem, type System } from '../../support/instance';
import { brokenRules } from '../../support/ledger';
import { patiently, until } from '../../support/patience';
import { newcomer, Person, phoneNumbers } from '../../support/person';
import { LIMITS_OFF_BUT_OF_NUMBERS } from '../../races/burst';

const OLD_ROWS = Number(process.env['RETENTION_ROWS'] ?? 10_000);
const YOUNG_ROWS = 2_000;
const BATCH = 1000;
const DAY_SECONDS = 86_400;
const nextPhone = phoneNumbers();
let system: System;

beforeAll(async () => {
  system = await startSystem({ instances: 2, env: { ...LIMITS_OFF_BUT_OF_NUMBERS, JWT_ISSUER: 'https://id.example' } });
}, patiently(120_000));
afterAll(() => system.stop());

async function count(sql: string): Promise<number> {
  return (await system.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n ?? -1;
}

/** Counts what each statement deletes. */
async function watchBatches(): Promise<void> {
  await system.database.query(`
    CREATE TABLE batches (n int NOT NULL);
    CREATE FUNCTION note_batch() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO batches SELECT count(*) FROM gone; RETURN NULL; END $$;
    CREATE TRIGGER note_batch AFTER DELETE ON rate_limits REFERENCING OLD TABLE AS gone
      FOR EACH STATEMENT EXECUTE FUNCTION note_batch()`);
}

it('F36: both delete in batches while people join: nobody is refused, nothing young goes, no lock is waited for', async () => {
  const many = (name: string, rows: number, age: string) =>
    system.database.query(`INSERT INTO rate_limits (key, hits, touched_at)
      SELECT '${name}' || n, '{}', clock_timestamp() - interval '${age}' FROM generate_series(1, ${rows}) n`);
  await many('old', OLD_ROWS, '49 hours');
  await many('young', YOUNG_ROWS, '47 hours');
  await watchBatches();

  let over = false;
  const refused: string[] = [];
  let joined = 0;
  const joining = Array.from({ length: 3 }, async () => {
    while (!over) {
      await new Person(system, nextPhone(), undefined, system.apis[joined % 2]).joined().then(
        () => (joined += 1),
        (error: Error) => refused.push(error.message),
      );
    }
  });
  await system.database.query(
    `SELECT graphile_worker.add_job('retention', job_key => 'clear ' || n) FROM generate_series(1, 2) n`,
  );
  const isOver = async () => (await count(`rate_limits WHERE key LIKE 'old%'`)) === 0 && joined >= 6;
  await until(isOver, 'the end of the old rows', 300_000, 50);
  over = true;
  await Promise.all(joining);

  expect(refused).toEqual([]);
  expect(await count(`rate_limits WHERE key LIKE 'young%'`)).toBe(YOUNG_ROWS);
  expect(await count(`batches WHERE n > ${BATCH}`)).toBe(0);
  expect(await count('batches WHERE n > 0')).toBeGreaterThanOrEqual(Math.ceil(OLD_ROWS / BATCH));
  expect(system.logs()).not.toMatch(/55P03|57014|40P01/);
  await system.database.query('DROP TRIGGER note_batch ON rate_limits');
  expect(await brokenRules(system.database)).toEqual({});
}, 600_000);

it('D4: a reset that is begun when the failures of its number are about to be forgotten takes its code', async () => {
  const { person } = await newcomer(system, nextPhone());
  await forgotten(person);
  system.clock.advance(2 * DAY_SECONDS - 60);
  const { token, code } = await forgotten(person);
  system.clock.advance(120);
  await system.database.query(`SELECT graphile_worker.add_job('retention', job_key => 'clear')`);
  await until(async () => (await count(`graphile_worker.jobs WHERE key = 'clear'`)) === 0, 'the end of the job');
  expect(kind(await resetAt(person.api, token, code))).toBe('204');
});
