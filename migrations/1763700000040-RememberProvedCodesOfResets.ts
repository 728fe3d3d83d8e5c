import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a vendor said yes to the code of a reset that waited for a second factor still: it says so once, and is not asked again. */
export class RememberProvedCodesOfResets1763700000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts ADD COLUMN code_proved_at timestamptz
        CONSTRAINT otp_attempts_code_proved_of_resets CHECK (code_proved_at IS NULL OR purpose = 'reset');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts DROP COLUMN code_proved_at;
    `);
  }
}
