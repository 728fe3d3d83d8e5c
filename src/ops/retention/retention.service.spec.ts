// Deletion of old rows (security.md 5.10) on a real database: rows keep their times, and the clock is moved.
import { Standstill } from '../../platform/process/standstill';
import type { Client } from 'pg';
import { openDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { RetentionService } from './retention.service';

class FixedClock extends Clock {
  constructor(private readonly at: string) {
    super();
  }
  override now(): Date {
    return new Date(this.at);
  }
}

/** Runs retention once at this instant. @throws what the run throws */
function purge(client: Client, at: string): Promise<void> {
  const run = async <Row>({ text }: Statement, values: readonly unknown[]): Promise<Row[]> =>
    (await client.query(text, [...values])).rows as Row[];
  const retention = new RetentionService(new JobRegistry(new Standstill()), { run } as Database, new FixedClock(at));
  return retention.purge(new AbortController().signal);
}

/** Purges a database of its own at this instant, after `prepare`, and gives what `look` finds then. */
async function purged(at: string, prepare: (client: Client) => Promise<void>, look: string): Promise<unknown[]> {
  const database = await openDatabase();
  const { client } = database;
  await prepare(client);
  await purge(client, at);
  const { rows } = await client.query<Record<string, unknown>>(look);
  await database.close();
  return rows;
}

describe('retention', () => {
  // ASVS 14.2.7
  it('deletes counters untouched for 48 h, more than one batch of them, and keeps the younger', async () => {
    const insert = `INSERT INTO failure_budgets (key, touched_at) SELECT $1 || n, $2::timestamptz FROM generate_series(1, $3::int) n`;
    const prepare = async (client: Client): Promise<void> => {
      await client.query(insert, ['old', '2026-01-01T00:00:00Z', 2001]);
      await client.query(insert, ['young', '2026-01-01T00:00:02Z', 1]);
    };
    const left = await purged('2026-01-03T00:00:01Z', prepare, 'SELECT key FROM failure_budgets');
    expect(left).toEqual([{ key: 'young1' }]);
  });

  it('deletes jobs that used up their attempts a week ago, and no job that may still run', async () => {
    const prepare = async (client: Client): Promise<void> => {
      for (const [key, attempts, worker] of [
        ['given-up', 2, null],
        ['waiting', 1, null],
        ['running', 2, 'a worker'],
      ]) {
        await client.query(`SELECT graphile_worker.add_job('probe', job_key => $1, max_attempts => 2)`, [key]);
        const stands = `UPDATE graphile_worker._private_jobs SET attempts = $2, locked_by = $3, locked_at = CASE WHEN $3::text IS NOT NULL THEN now() END
          WHERE key = $1`;
        await client.query(stands, [key, attempts, worker]);
      }
    };
    const nextWeek = new Date(Date.now() + 7.1 * 86_400_000).toISOString();
    const look = 'SELECT key FROM graphile_worker.jobs ORDER BY id';
    expect(await purged(nextWeek, prepare, look)).toEqual([{ key: 'waiting' }, { key: 'running' }]);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await purged(tomorrow, prepare, look)).toHaveLength(3);
  });

  it('deletes refused lines 30 days after their import was finished, or a year after one was begun that never was', async () => {
    const insert = `WITH import AS (INSERT INTO user_imports (id, digest, file_bytes, begun_by, created_at, finished_at)
        VALUES (gen_random_uuid(), sha256($1::text::bytea), 1, $1::text, $2::timestamptz, $3::timestamptz) RETURNING id)
      INSERT INTO user_import_refusals (import_id, line, code, created_at) SELECT id, line, 'phone_taken', $2 FROM import, generate_series(1, 1001) line`;
    const prepare = async (client: Client): Promise<void> => {
      await client.query(insert, ['finished 30 days ago', '2026-01-01', '2026-05-01T23:59:59Z']);
      await client.query(insert, ['gone on with, and finished a second later', '2026-01-01', '2026-05-02T00:00:01Z']);
      await client.query(insert, ['stopped', '2025-06-02', null]);
      await client.query(insert, ['given up', '2025-05-31', null]);
    };
    const look = `SELECT begun_by AS import, count(*)::int AS lines FROM user_import_refusals JOIN user_imports ON id = import_id GROUP BY 1 ORDER BY 1`;
    expect(await purged('2026-06-01T00:00:00Z', prepare, look)).toEqual([
      { import: 'gone on with, and finished a second later', lines: 1001 },
      { import: 'stopped', lines: 1001 },
    ]);
  });

  it('deletes audit rows after 400 days, more than one batch of them, and keeps the younger', async () => {
    const insert = `INSERT INTO audit_log (at, event) SELECT now() - make_interval(days => $1), $2 FROM generate_series(1, $3::int)`;
    const prepare = async (client: Client): Promise<void> => {
      await client.query(insert, [401, 'old', 2001]);
      await client.query(insert, [399, 'young', 1]);
    };
    expect(await purged(new Date().toISOString(), prepare, 'SELECT event FROM audit_log')).toEqual([
      { event: 'young' },
    ]);
  });

  it('a step that fails keeps none of the others from running, and the run fails with the names of all that did', async () => {
    const database = await openDatabase();
    const { client } = database;
    await client.query(`
      INSERT INTO deleted_accounts (user_id, deleted_at) SELECT gen_random_uuid(), at FROM unnest('{2025-11-30, 2025-12-31}'::timestamptz[]) at;
      INSERT INTO failure_budgets (key, touched_at) VALUES ('old', '2025-12-01');
      INSERT INTO rate_limits (key, hits, touched_at) VALUES ('old', '{}', '2025-12-01');
      INSERT INTO audit_log (at, event) SELECT now() - interval '401 days', 'old';
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON deleted_accounts FOR EACH ROW EXECUTE FUNCTION refuse();
      CREATE TRIGGER refuse BEFORE DELETE ON rate_limits FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const rows = async (table: string): Promise<number | null> => (await client.query(`SELECT FROM ${table}`)).rowCount;

    await expect(purge(client, '2026-01-01T00:00:00Z')).rejects.toThrow(/^vendor ids: refused; rate_limits: refused$/);

    const left = { deleted_accounts: 1, failure_budgets: 0, rate_limits: 1, audit_log: 0 };
    for (const [table, count] of Object.entries(left)) expect([table, await rows(table)]).toEqual([table, count]);
    await database.close();
  });
});
