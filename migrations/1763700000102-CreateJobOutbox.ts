import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Jobs that whoever asked for them begins at once, and which go to the queue where that did not happen (ADR 89). A row lives as long as its
 * job runs: a few at a time, so nothing but the key is indexed.
 */
export class CreateJobOutbox1763700000102 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE job_outbox (
        key text NOT NULL CONSTRAINT job_outbox_pkey PRIMARY KEY,
        name text NOT NULL,
        payload json NOT NULL,
        max_attempts smallint NOT NULL,
        due_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '10 seconds'
      );
      ${queueDueJobs}
      CREATE TRIGGER queue_due_jobs AFTER INSERT OR UPDATE ON worker_heartbeats FOR EACH STATEMENT EXECUTE FUNCTION queue_due_jobs();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER queue_due_jobs ON worker_heartbeats;
      DROP FUNCTION queue_due_jobs();
      DO $$ BEGIN
        IF to_regnamespace('graphile_worker') IS NOT NULL THEN
          PERFORM graphile_worker.add_job(name, payload, job_key := key, max_attempts := max_attempts) FROM job_outbox;
        END IF;
      END $$;
      DROP TABLE job_outbox;
    `);
  }
}

// With every sign of life of every instance, of the version before too, which knows nothing of the outbox (ADR 75). A key was made for one
// send, so a job of that key is this very job. Whatever goes wrong here, the instance lives.
const queueDueJobs = `
  CREATE FUNCTION queue_due_jobs() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $$
  DECLARE
    moved bigint;
  BEGIN
    WITH due AS (
      DELETE FROM job_outbox WHERE key IN (SELECT key FROM job_outbox WHERE due_at <= clock_timestamp() LIMIT 200 FOR UPDATE SKIP LOCKED) RETURNING *
    )
    SELECT count(graphile_worker.add_job(name, payload, job_key := key, job_key_mode := 'unsafe_dedupe', max_attempts := max_attempts)) INTO moved FROM due;
    RETURN NULL;
  EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'jobs stay in the outbox: %', SQLERRM;
    RETURN NULL;
  END $$;`;
