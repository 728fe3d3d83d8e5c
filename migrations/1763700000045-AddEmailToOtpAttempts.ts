import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Challenges whose code goes out by mail: to prove an address, or beside the one by message at a reset. The address is one of the
 * columns that never change. An older version knows neither and makes none.
 */
export class AddEmailToOtpAttempts1763700000045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts ADD COLUMN email text;
      ${constraints(`${before.purposes}, 'email_change'`, `${before.channels}, 'email'`, `${before.methods}, 'email'`)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM otp_attempts WHERE purpose = 'email_change' OR channel = 'email' OR 'email' = ANY (methods);
      ${constraints(before.purposes, before.channels, before.methods)}
      ALTER TABLE otp_attempts DROP COLUMN email;
    `);
  }
}

const before = {
  purposes: `'register', 'login', 'step_up', 'reset', 'phone_change', 'phone_verification'`,
  channels: `'sms', 'voice'`,
  methods: `'sms', 'totp', 'recovery_code'`,
};

function constraints(purposes: string, channels: string, methods: string): string {
  return `
    ALTER TABLE otp_attempts DROP CONSTRAINT otp_attempts_purpose_known,
      ADD CONSTRAINT otp_attempts_purpose_known CHECK (purpose IN (${purposes}));
    ALTER TABLE otp_attempts DROP CONSTRAINT otp_attempts_channel_known,
      ADD CONSTRAINT otp_attempts_channel_known CHECK (channel IN (${channels}));
    ALTER TABLE otp_attempts DROP CONSTRAINT otp_attempts_methods_known,
      ADD CONSTRAINT otp_attempts_methods_known CHECK (methods <@ ARRAY[${methods}] AND cardinality(methods) > 0);`;
}
