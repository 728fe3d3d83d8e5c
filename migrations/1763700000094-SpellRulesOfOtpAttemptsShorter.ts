import type { MigrationInterface, QueryRunner } from 'typeorm';

const RULES = [
  'otp_attempts_purpose_known',
  'otp_attempts_channel_known',
  'otp_attempts_methods_known',
  'otp_attempts_token_delivery_known',
];

/**
 * The same rules, each with one constant in place of a list. PostgreSQL reads the rules of a table anew for every statement that writes to
 * it, constants byte by byte, and works lists out each time: this is a thirtieth of a verify (ADR 84). Held to old rows later.
 */
export class SpellRulesOfOtpAttemptsShorter1763700000094 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts
        DROP CONSTRAINT otp_attempts_purpose_known,
        ADD CONSTRAINT otp_attempts_purpose_known
          CHECK (purpose = ANY ('{register,login,step_up,reset,phone_change,phone_verification,email_change}')) NOT VALID,
        DROP CONSTRAINT otp_attempts_channel_known,
        ADD CONSTRAINT otp_attempts_channel_known CHECK (channel = ANY ('{sms,voice,email}')) NOT VALID,
        DROP CONSTRAINT otp_attempts_methods_known,
        ADD CONSTRAINT otp_attempts_methods_known
          CHECK (methods <@ '{sms,totp,recovery_code,email}' AND cardinality(methods) > 0) NOT VALID,
        DROP CONSTRAINT otp_attempts_token_delivery_known,
        ADD CONSTRAINT otp_attempts_token_delivery_known CHECK (token_delivery = ANY ('{body,cookie}')) NOT VALID
    `);
  }

  /** In two steps, as the way there: going back takes no transaction. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts
        DROP CONSTRAINT otp_attempts_purpose_known,
        ADD CONSTRAINT otp_attempts_purpose_known
          CHECK (purpose IN ('register', 'login', 'step_up', 'reset', 'phone_change', 'phone_verification', 'email_change')) NOT VALID,
        DROP CONSTRAINT otp_attempts_channel_known,
        ADD CONSTRAINT otp_attempts_channel_known CHECK (channel IN ('sms', 'voice', 'email')) NOT VALID,
        DROP CONSTRAINT otp_attempts_methods_known,
        ADD CONSTRAINT otp_attempts_methods_known
          CHECK (methods <@ ARRAY['sms', 'totp', 'recovery_code', 'email'] AND cardinality(methods) > 0) NOT VALID,
        DROP CONSTRAINT otp_attempts_token_delivery_known,
        ADD CONSTRAINT otp_attempts_token_delivery_known CHECK (token_delivery IN ('body', 'cookie')) NOT VALID
    `);
    for (const rule of RULES) await runner.query(`ALTER TABLE otp_attempts VALIDATE CONSTRAINT ${rule}`);
  }
}
