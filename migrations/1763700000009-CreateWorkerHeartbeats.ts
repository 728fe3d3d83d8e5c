import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signs of life of the queue's workers (design D6): jobs of a worker that fell silent are unlocked after 10 s. */
export class CreateWorkerHeartbeats1763700000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE worker_heartbeats (
        worker_id text CONSTRAINT worker_heartbeats_pkey PRIMARY KEY,
        seen_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE worker_heartbeats;
    `);
  }
}
