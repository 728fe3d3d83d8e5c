import type { MigrationInterface, QueryRunner } from 'typeorm';

/** JWT signing keys, private halves sealed under the secret ring; at most one signs. */
export class CreateSigningKeys1763700000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signing_keys (
        kid text CONSTRAINT signing_keys_pkey PRIMARY KEY,
        alg text NOT NULL,
        public_jwk jsonb NOT NULL,
        private_sealed bytea NOT NULL,
        state text NOT NULL CONSTRAINT signing_keys_state_known CHECK (state IN ('next', 'current', 'retired')),
        created_at timestamptz NOT NULL,
        activated_at timestamptz,
        retired_at timestamptz
      );
      CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (state) WHERE state = 'current';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE signing_keys;
    `);
  }
}
