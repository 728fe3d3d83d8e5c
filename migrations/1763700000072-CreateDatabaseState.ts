import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far this database has come, as a number that only grows (milliseconds of its own clock, or more), so that a copy kept outside
 * shows when an older state was restored (ADR 72). `floor_mark` is the mark at which everything made before was ended.
 */
export class CreateDatabaseState1763700000072 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE database_state (
        one_row boolean NOT NULL DEFAULT true CONSTRAINT database_state_pkey PRIMARY KEY CONSTRAINT database_state_one_row CHECK (one_row),
        id uuid NOT NULL,
        mark bigint NOT NULL CONSTRAINT database_state_mark_positive CHECK (mark > 0),
        floor_mark bigint
      ) WITH (fillfactor = 50);
      INSERT INTO database_state (id, mark) VALUES (gen_random_uuid(), floor(extract(epoch FROM clock_timestamp()) * 1000));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE database_state;');
  }
}
