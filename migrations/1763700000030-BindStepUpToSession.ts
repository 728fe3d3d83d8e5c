import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A step-up challenge belongs to the session it was asked for in, and renews that one only. Null for every other purpose. */
export class BindStepUpToSession1763700000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts ADD COLUMN session_id uuid,
        ADD CONSTRAINT otp_attempts_step_up_has_session CHECK (purpose <> 'step_up' OR session_id IS NOT NULL);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM otp_attempts WHERE purpose = 'step_up';
      ALTER TABLE otp_attempts DROP CONSTRAINT otp_attempts_step_up_has_session, DROP COLUMN session_id;
    `);
  }
}
