import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One authenticator app per person: its secret sealed under the secret ring, and the last time step that was used. Not confirmed: pending. */
export class CreateTotpSecrets1763700000035 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE totp_secrets (
        user_id uuid CONSTRAINT totp_secrets_pkey PRIMARY KEY
          CONSTRAINT totp_secrets_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        id uuid NOT NULL,
        secret_sealed bytea NOT NULL,
        created_at timestamptz NOT NULL,
        failed smallint NOT NULL DEFAULT 0,
        confirmed_at timestamptz,
        last_step int,
        CONSTRAINT totp_secrets_confirmed_by_a_step CHECK ((confirmed_at IS NULL) = (last_step IS NULL))
      ) WITH (fillfactor = 85);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE totp_secrets;
    `);
  }
}
