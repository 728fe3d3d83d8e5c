import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counters that protect accounts and money (design D13), counted in the statement that does the work (protocol.md 7). */
export class CreateLimitCounters1763700000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rate_limits (
        key text CONSTRAINT rate_limits_pkey PRIMARY KEY,
        hits timestamptz[] NOT NULL,
        touched_at timestamptz NOT NULL
      ) WITH (fillfactor = 70);
      CREATE TABLE failure_budgets (
        key text CONSTRAINT failure_budgets_pkey PRIMARY KEY,
        fails timestamptz[] NOT NULL DEFAULT '{}',
        consecutive int NOT NULL DEFAULT 0,
        touched_at timestamptz NOT NULL
      ) WITH (fillfactor = 70);
      CREATE FUNCTION within_limits(hits timestamptz[], at timestamptz, counts int[], seconds int[])
        RETURNS boolean LANGUAGE sql IMMUTABLE AS
        'SELECT coalesce(bool_and(hits[c] IS NULL OR hits[c] <= at - make_interval(secs => s)), true) FROM unnest(counts, seconds) AS t(c, s)';
      CREATE FUNCTION without_hits(hits timestamptz[], refunded timestamptz[])
        RETURNS timestamptz[] LANGUAGE sql IMMUTABLE AS
        'SELECT coalesce(array_agg(h ORDER BY h DESC), ''{}'') FROM unnest(hits) AS t(h) WHERE h <> ALL (refunded)';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION without_hits(timestamptz[], timestamptz[]);
      DROP FUNCTION within_limits(timestamptz[], timestamptz, int[], int[]);
      DROP TABLE failure_budgets;
      DROP TABLE rate_limits;
    `);
  }
}
