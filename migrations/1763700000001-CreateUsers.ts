import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People whose phone is proved. The phone is null once its number was recycled; none of the counters is indexed (HOT updates). */
export class CreateUsers1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid CONSTRAINT users_pkey PRIMARY KEY,
        phone text CONSTRAINT users_phone_key UNIQUE
          CONSTRAINT users_phone_e164 CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$'),
        email text,
        email_verified_at timestamptz,
        display_name text,
        locale text,
        password_hash text NOT NULL,
        status text NOT NULL DEFAULT 'active' CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled')),
        auth_epoch int NOT NULL DEFAULT 0,
        second_factor_fails timestamptz[] NOT NULL DEFAULT '{}',
        second_factor_consecutive int NOT NULL DEFAULT 0,
        last_authenticated_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL
      ) WITH (fillfactor = 85);
      CREATE UNIQUE INDEX users_verified_email_key ON users (email) WHERE email_verified_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE users;
    `);
  }
}
