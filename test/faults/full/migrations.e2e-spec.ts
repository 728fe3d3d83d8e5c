// F27, F28: the schema changes while it is in use, twice at once, or is cut off in the middle; and a program meets a schema that is
// older or newer than itself (ADR 75). MIGRATION_KILLS: how often it is killed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { migratingOptions } from '../../../src/database/data-source';
import { chanceOf } from '../../support/chance';
import { createDatabase, type TestDatabase } from '../../support/database';
import { Program, ROOT } from '../../support/program';
import { migrateWith, nextSteps, releaseWith } from '../../support/releases';
import { until } from '../../support/patience';

const chance = chanceOf('kills of a migration');
const KILLS = Number(process.env['MIGRATION_KILLS'] ?? 4);
const folder = mkdtempSync(`${tmpdir()}/latchkey-migrations-`);
let newer: string;
let database: TestDatabase;
let sql: Pool;
/** Of the test that runs; a failing one leaves some behind. */
const programs: Program[] = [];

beforeAll(() => void (newer = releaseWith(nextSteps)));

beforeEach(() => use({}));

afterEach(async () => {
  programs.splice(0).forEach((program) => program.kill('SIGKILL'));
  await sql.end();
  await database.drop();
});

afterAll(() => [folder, newer].forEach((path) => rmSync(path, { recursive: true, force: true })));

async function use(options: { empty?: boolean }): Promise<void> {
  database = await createDatabase(options);
  sql = new Pool({ connectionString: database.url, max: 4 });
  sql.on('error', () => undefined);
}

function run(file: string, root: string, env: Record<string, string> = {}): Program {
  const program = new Program(file, { DATABASE_URL: database.url, ...env }, { root });
  programs.push(program);
  return program;
}

function start(root: string, env: Record<string, string> = {}): Program {
  const ports = { PORT: '0', ADMIN_PORT: '0', METRICS_PORT: '0', SIMULATOR_PORT: '1' };
  const own = { NODE_ENV: 'development', LATCHKEY_DIR: folder, MIGRATE_ON_START: 'false' };
  return run('main.js', root, { ...own, ...ports, ...env });
}

function migrating(root: string): Program {
  return run('migrate.js', root);
}

/** Tables, columns, constraints, functions and indexes with their state: what a run that was not disturbed leaves too. */
async function schema(): Promise<string[]> {
  const { rows } = await sql.query<{ line: string }>(
    `SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
       FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT format('index %s %s', indisvalid, pg_get_indexdef(indexrelid)) FROM pg_index i
       JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace
      UNION ALL SELECT format('constraint %s %s %s', conname, convalidated, pg_get_constraintdef(oid)) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT format('function %s', pg_get_functiondef(oid)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT format('ran %s', name) FROM migrations
      UNION ALL SELECT format('queue ran %s', id) FROM graphile_worker.migrations ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}

async function applied(): Promise<number> {
  const { rows } = await sql
    .query<{ n: number }>('SELECT count(*)::int AS n FROM migrations')
    .catch(() => ({ rows: [] }));
  return rows[0]?.n ?? 0;
}

/** Somebody else's transaction that has used the table and stays open. */
async function usesTable(table: string): Promise<PoolClient> {
  const client = await sql.connect();
  client.on('error', () => undefined);
  await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM ${table} LIMIT 1`);
  return client;
}

async function letGo(client: PoolClient): Promise<void> {
  await client.query('COMMIT');
  client.release();
}

it('F27: a table that is in use is let go of within a moment, so that requests pass; the migration gets it later', async () => {
  const backup = await usesTable('users');
  const program = migrating(newer);
  const waits = 'AddNicknames1799000000001 waits for a table that is in use';
  await until(() => program.stderr.includes(waits), waits, 30_000, 5);
  let slowest = 0;
  for (let n = 0; n < 20; n += 1) {
    const began = performance.now();
    await sql.query('SELECT FROM users LIMIT 1');
    slowest = Math.max(slowest, performance.now() - began);
    await sleep(50); // the tries are spread over a second
  }
  expect(slowest).toBeLessThan(1000);
  await letGo(backup);
  expect((await program.exited).code).toBe(0);
  expect(program.stderr).toContain('migrated AddNicknames1799000000001');
});

it('F28: two instances that migrate when they start: one does, an index that is made meanwhile included, and both are ready', async () => {
  const both = [1, 2].map(() => start(newer, { MIGRATE_ON_START: 'true' }));
  const ready = await Promise.all(both.map((program) => program.ready()));
  expect(both.filter(({ stderr }) => stderr.includes('migrated IndexNicknames'))).toHaveLength(1);
  for (const { api } of ready) expect((await fetch(`${String(api)}/health/ready`)).status).toBe(200);
});

it('F28: killed at any point, the next run finishes, and the schema is that of a run that was not disturbed', async () => {
  await migrateWith(newer, database.url);
  const whole = await schema();
  await sql.end();
  await database.drop();
  await use({ empty: true });
  const steps = whole.filter((line) => line.startsWith('ran ')).length;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const program = migrating(newer);
    const point = Math.floor((steps * (kill + chance())) / KILLS);
    const isThere = async () => program.child.exitCode !== null || (await applied()) >= point;
    await until(isThere, `step ${point}`, 30_000, 5);
    program.kill('SIGKILL');
    await program.exited;
  }
  await migrateWith(newer, database.url);
  expect(await schema()).toEqual(whole);
});

it('F28: killed while it makes an index, the next run ends what the first left running and makes it anew', async () => {
  const reader = await usesTable('signing_keys');
  const program = migrating(newer);
  // CREATE INDEX CONCURRENTLY waits for the reader's snapshot; the index is there, and not valid.
  const invalid = `SELECT FROM pg_index WHERE indexrelid = to_regclass('users_nickname_idx') AND NOT indisvalid`;
  await until(async () => (await sql.query(invalid)).rowCount === 1, 'half an index', 30_000, 5);
  program.kill('SIGKILL');
  await program.exited;
  const again = migrating(newer);
  const ends = 'ending what a killed migration has left running';
  await until(() => again.stderr.includes(ends), ends, 30_000, 5);
  await letGo(reader);
  expect((await again.exited).code).toBe(0);
  expect((await sql.query(invalid)).rowCount).toBe(0);
  expect(await schema()).toContainEqual(expect.stringMatching(/^index t CREATE INDEX users_nickname_idx/));
});

it('F27: a database of before migration 62, with deliveries in it, takes its indexes by hand as docs/upgrades.md says, and the rest as usual', async () => {
  const whole = await schema();
  const source = await new DataSource(migratingOptions(database.url, () => undefined)).initialize();
  const is62 = `SELECT FROM migrations WHERE "timestamp" >= 1763700000062`;
  while ((await sql.query(is62)).rowCount !== 0) await source.undoLastMigration({ transaction: 'none' });
  await source.destroy();
  await sql.query(`INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, country, channel, status, created_at, updated_at)
    SELECT gen_random_uuid(), 'otp', gen_random_uuid(), 1, 'telnyx', '+1415***01', 'US', 'sms', 'sent', now(), now() FROM generate_series(1, 1000)`);
  const page = readFileSync(join(ROOT, 'docs/upgrades.md'), 'utf8');
  const byHand = /```sql\n([^`]+)```/.exec(page)?.[1] ?? '';
  const statements = byHand.split(';').filter((text) => text.trim() !== '');
  expect(statements).toHaveLength(3);
  // One by one, as a prompt sends them: an index that is made beside its use takes no transaction.
  for (const statement of statements) await sql.query(statement);
  const program = migrating(ROOT);
  expect((await program.exited).code).toBe(0);
  expect(program.stderr).not.toContain('FindDeliveriesByCountryAndStatus');
  expect(program.stderr).toContain('migrated CreateAlarms');
  expect((await schema()).sort()).toEqual(whole.sort());
});

describe('a program and a schema of another version', () => {
  async function readiness(api: unknown): Promise<number> {
    return (await fetch(`${String(api)}/health/ready`)).status;
  }

  it('F28: behind, an instance starts and is not ready until the schema is migrated', async () => {
    const program = start(newer);
    const { api } = await program.ready();
    expect(await readiness(api)).toBe(503);
    expect(program.logs()).toContain('not ready: migrations behind');
    await migrateWith(newer, database.url);
    expect(await readiness(api)).toBe(200);
  });

  it('F28: never migrated, an instance starts, is not ready and names the command', async () => {
    await sql.end();
    await database.drop();
    await use({ empty: true });
    const program = start(ROOT);
    const { api } = await program.ready();
    expect(await readiness(api)).toBe(503);
    expect(program.logs()).toContain('not ready: migrations behind (npm run migrate)');
  });

  it('F28: ahead, an older one works, until a step takes away what it uses: then it is not ready, and does not start', async () => {
    await migrateWith(newer, database.url);
    const older = start(ROOT);
    const { api } = await older.ready();
    expect(await readiness(api)).toBe(200);
    const last = releaseWith({
      ...nextSteps,
      DropRanks: `
        await runner.query("UPDATE schema_floor SET migration = 'AddNicknames1799000000001'");
        await runner.query('ALTER TABLE users DROP COLUMN rank');`,
    });
    await migrateWith(last, database.url);
    rmSync(last, { recursive: true });
    expect(await readiness(api)).toBe(503);
    expect(older.logs()).toContain('not ready: schema too new');
    const refused = start(ROOT);
    expect((await refused.exited).code).toBe(1);
    const said = refused.stderr.trim().split('\n').at(-1);
    expect(said).toBe('latchkey: the database was migrated for newer versions only: start one of those');
    expect(await readiness((await start(newer).ready())['api'])).toBe(200);
  });
});
