import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which methods answer a challenge, fixed when it is made, and which one did; null for the code that was sent. */
export class AddMethodsToOtpAttempts1763700000038 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts ADD COLUMN methods text[] NOT NULL DEFAULT '{sms}'
          CONSTRAINT otp_attempts_methods_known CHECK (methods <@ ARRAY['sms', 'totp', 'recovery_code'] AND cardinality(methods) > 0),
        ADD COLUMN verified_by text CONSTRAINT otp_attempts_verified_by_offered CHECK (verified_by = ANY (methods));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts DROP COLUMN methods, DROP COLUMN verified_by;
    `);
  }
}
