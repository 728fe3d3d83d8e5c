import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person's set of recovery codes: salted hashes of those not used yet. The set has one salt, so a code is found by its hash. */
export class CreateRecoveryCodes1763700000036 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recovery_codes (
        user_id uuid CONSTRAINT recovery_codes_pkey PRIMARY KEY
          CONSTRAINT recovery_codes_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        salt text NOT NULL,
        unused text[] NOT NULL CONSTRAINT recovery_codes_unused_bounded CHECK (cardinality(unused) <= 10),
        created_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE recovery_codes;
    `);
  }
}
