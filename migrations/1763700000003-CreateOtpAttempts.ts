import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row per challenge (design D3): a digest of its token, never a code. No index on a column that verifying updates. */
export class CreateOtpAttempts1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE otp_attempts (
        id uuid CONSTRAINT otp_attempts_pkey PRIMARY KEY,
        token_digest bytea NOT NULL CONSTRAINT otp_attempts_token_digest_key UNIQUE,
        purpose text NOT NULL
          CONSTRAINT otp_attempts_purpose_known
          CHECK (purpose IN ('register', 'login', 'step_up', 'reset', 'phone_change', 'phone_verification')),
        key_id text NOT NULL,
        code_length smallint NOT NULL,
        subject_id uuid NOT NULL,
        auth_epoch int NOT NULL DEFAULT 0,
        phone text NOT NULL,
        decoy boolean NOT NULL DEFAULT false,
        budget_key text,
        max_failed smallint NOT NULL,
        failed smallint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        consumed_at timestamptz,
        revoked_at timestamptz,
        sends timestamptz[] NOT NULL,
        resend_at timestamptz,
        channel text NOT NULL CONSTRAINT otp_attempts_channel_known CHECK (channel IN ('sms', 'voice')),
        verifier text,
        vendor_ref text,
        vendor_ended boolean NOT NULL DEFAULT false,
        locale text,
        client_id text NOT NULL,
        device_name text,
        CONSTRAINT otp_attempts_failed_bounded CHECK (failed BETWEEN 0 AND max_failed)
      ) WITH (fillfactor = 50);
      CREATE INDEX otp_attempts_subject_id_idx ON otp_attempts (subject_id);
      CREATE INDEX otp_attempts_phone_created_at_idx ON otp_attempts (phone, created_at);
      CREATE INDEX otp_attempts_expires_at_idx ON otp_attempts (expires_at);
      ALTER TABLE otp_attempts SET (autovacuum_vacuum_scale_factor = 0.02);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE otp_attempts;
    `);
  }
}
