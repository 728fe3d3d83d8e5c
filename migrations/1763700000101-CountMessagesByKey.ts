import type { MigrationInterface, QueryRunner } from 'typeorm';

const functions = [
  'look_at_counters(jsonb, jsonb, jsonb, timestamptz, uuid, text)',
  'take_counters(jsonb, jsonb, jsonb, timestamptz[], bigint[], int, timestamptz, uuid)',
];

/**
 * A plan made while the counters were few reads all of them until the next ANALYZE, a minute of many sends later (ADR 87). Without
 * compiling: before PostgreSQL 18 a table that has to be read counts as dear enough for that.
 */
export class CountMessagesByKey1763700000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const name of functions) await runner.query(`ALTER FUNCTION ${name} SET enable_seqscan = off SET jit = off`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of functions) await runner.query(`ALTER FUNCTION ${name} RESET enable_seqscan RESET jit`);
  }
}
