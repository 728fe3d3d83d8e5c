import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The latest marks, in the order in which they were made: an instance that does not find its own among them knows that the database went
 * back, even when another instance has gone on with it since. `went_back_mark` is how far it had been, for all instances to see (ADR 67).
 */
export class KeepMarksOfDatabaseState1763700000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE database_state ADD COLUMN marks bigint[] NOT NULL DEFAULT '{}', ADD COLUMN went_back_mark bigint`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE database_state DROP COLUMN marks, DROP COLUMN went_back_mark');
  }
}
