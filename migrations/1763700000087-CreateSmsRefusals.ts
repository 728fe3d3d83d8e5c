import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages that were asked for and refused, counted per five minutes and country: figures for operators, nothing about anybody. */
export class CreateSmsRefusals1763700000087 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sms_refusals (
        at timestamptz NOT NULL,
        country text NOT NULL,
        kind text NOT NULL CONSTRAINT sms_refusals_kind_check CHECK (kind IN ('limit', 'budget')),
        n integer NOT NULL,
        CONSTRAINT sms_refusals_pkey PRIMARY KEY (at, country, kind)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sms_refusals;');
  }
}
