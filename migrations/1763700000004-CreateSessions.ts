import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions with their refresh state (design D9): one row per refresh family, rotated in place, no refresh column indexed. */
export class CreateSessions1763700000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sessions (
        id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        auth_epoch int NOT NULL,
        client_id text NOT NULL,
        device_name text,
        user_agent text,
        address text,
        amr text[] NOT NULL,
        authenticated_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        idle_expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        revoked_reason text,
        refresh_generation int NOT NULL DEFAULT 0,
        refresh_digest bytea NOT NULL,
        previous_digest bytea,
        rotated_at timestamptz,
        previous_rotated_at timestamptz,
        successor_sealed bytea
      ) WITH (fillfactor = 70);
      CREATE INDEX sessions_user_id_idx ON sessions (user_id);
      CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
      ALTER TABLE sessions SET (autovacuum_vacuum_scale_factor = 0.02);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE sessions;
    `);
  }
}
