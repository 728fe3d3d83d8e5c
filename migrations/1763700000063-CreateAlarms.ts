import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alarms that last: raised until they are ended. Written when that changes and never in between, so it is no hot row. */
export class CreateAlarms1763700000063 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE alarms (
        name text CONSTRAINT alarms_pkey PRIMARY KEY,
        raised_at timestamptz NOT NULL,
        ended_at timestamptz
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE alarms;');
  }
}
