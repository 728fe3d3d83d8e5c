import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * After the database was away every job is overdue that is under way, and the first heartbeat would have given it to the queue: sent twice.
 * So what is due is called out first, and goes to the queue when nobody has kept it 5 s later (ADR 89). And a heartbeat does not wait for
 * whoever locks the outbox or the queue: one that a time limit of its statement ended would not have been written.
 */
export class CallOutJobsBeforeTheyAreQueued1763700000106 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE job_outbox ADD COLUMN is_called boolean NOT NULL DEFAULT false;
      ALTER TABLE job_outbox ALTER COLUMN due_at SET DEFAULT clock_timestamp() + interval '5 seconds';
      ${queueDueJobs(
        `SET enable_seqscan = off SET jit = off SET lock_timeout = '500ms'`,
        'is_called AND',
        `UPDATE job_outbox SET is_called = true, due_at = clock_timestamp() + interval '5 seconds'
      WHERE key IN (SELECT key FROM job_outbox WHERE NOT is_called AND due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED);`,
      )}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${queueDueJobs('SET enable_seqscan = off SET jit = off', '', '')}
      ALTER TABLE job_outbox ALTER COLUMN due_at SET DEFAULT clock_timestamp() + interval '10 seconds';
      ALTER TABLE job_outbox DROP COLUMN is_called;
    `);
  }
}

/** As migration 102 has it, but for what is put in. */
const queueDueJobs = (settings: string, condition: string, more: string): string => `
  CREATE OR REPLACE FUNCTION queue_due_jobs() RETURNS trigger LANGUAGE plpgsql ${settings} AS $$
  DECLARE
    moved bigint;
  BEGIN
    WITH due AS (
      DELETE FROM job_outbox WHERE key IN (SELECT key FROM job_outbox WHERE ${condition} due_at <= clock_timestamp() LIMIT 200 FOR UPDATE SKIP LOCKED) RETURNING *
    )
    SELECT count(graphile_worker.add_job(name, payload, job_key := key, job_key_mode := 'unsafe_dedupe', max_attempts := max_attempts)) INTO moved FROM due;
    ${more}
    RETURN NULL;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'jobs stay in the outbox: %', SQLERRM;
    RETURN NULL;
  END $$;`;
