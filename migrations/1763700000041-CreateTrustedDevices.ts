import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Devices that a person has trusted: one row each, its token rotated in place like a session's; none of those columns is indexed. */
export class CreateTrustedDevices1763700000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE trusted_devices (
        id uuid CONSTRAINT trusted_devices_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT trusted_devices_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        auth_epoch int NOT NULL,
        token_delivery text NOT NULL CONSTRAINT trusted_devices_token_delivery_known CHECK (token_delivery IN ('body', 'cookie')),
        device_name text,
        user_agent text,
        address text,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        revoked_reason text,
        passwords_tried smallint NOT NULL DEFAULT 0,
        generation int NOT NULL DEFAULT 0,
        token_digest bytea NOT NULL,
        previous_digest bytea,
        rotated_at timestamptz,
        previous_rotated_at timestamptz,
        successor_sealed bytea
      ) WITH (fillfactor = 70);
      CREATE INDEX trusted_devices_user_id_idx ON trusted_devices (user_id);
      CREATE INDEX trusted_devices_expires_at_idx ON trusted_devices (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE trusted_devices;
    `);
  }
}
