import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A heartbeat is INSERT .. ON CONFLICT DO UPDATE, in every version so far (ADR 75): triggers of a statement see both events of it, and looked twice. */
export class LookForDueJobsOncePerBeat1763700000107 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE OR REPLACE TRIGGER queue_due_jobs AFTER INSERT ${onHeartbeats}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE OR REPLACE TRIGGER queue_due_jobs AFTER INSERT OR UPDATE ${onHeartbeats}`);
  }
}

const onHeartbeats = 'ON worker_heartbeats FOR EACH STATEMENT EXECUTE FUNCTION queue_due_jobs()';
