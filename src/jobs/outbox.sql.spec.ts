// The trigger by which every heartbeat looks after the outbox (ADR 89): whatever it meets there, the instance that beats lives.
import { Pool, type PoolClient } from 'pg';
import { createDatabase, type TestDatabase } from '../../test/support/database';

describe('a heartbeat', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createDatabase();
    pool = new Pool({ connectionString: database.url });
  });

  afterEach(() => pool.query('TRUNCATE job_outbox'));

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  /** As each version has it (heartbeat.ts). */
  const beat = (on: Pool | PoolClient = pool) =>
    on.query(
      `INSERT INTO worker_heartbeats VALUES ('anybody', now()) ON CONFLICT (worker_id) DO UPDATE SET seen_at = now()`,
    );
  const post = () =>
    pool.query(`INSERT INTO job_outbox (key, name, payload, max_attempts) VALUES ('probe:1', 'probe', '{}', 4)`);
  const keysOf = async (table: string): Promise<unknown[]> =>
    (await pool.query<{ key: string }>(`SELECT key FROM ${table}`)).rows.map(({ key }) => key);

  it('looks for what is due once, the first one and those that follow', async () => {
    const client = await pool.connect();
    try {
      await client.query(`BEGIN; SET LOCAL track_functions = 'all'`);
      for (const looks of ['1', '2']) {
        await beat(client);
        const text = `SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'queue_due_jobs'`;
        expect((await client.query(text)).rows).toEqual([{ calls: looks }]);
      }
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('is written though the queue takes nothing', async () => {
    await post();
    await pool.query(`UPDATE job_outbox SET due_at = now(), is_called = true, max_attempts = 0`); // the queue refuses it
    const { rowCount } = await beat();
    expect([rowCount, await keysOf('job_outbox'), await keysOf('graphile_worker.jobs')]).toEqual([1, ['probe:1'], []]);
  });

  it('is written though somebody has locked the outbox', async () => {
    await post();
    await pool.query(`UPDATE job_outbox SET due_at = now()`);
    const client = await pool.connect();
    try {
      await client.query('BEGIN; LOCK TABLE job_outbox');
      expect((await beat()).rowCount).toBe(1);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
