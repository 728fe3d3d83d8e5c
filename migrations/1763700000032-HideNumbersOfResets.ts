import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a challenge may show its number: not where the person named the account in another way and may be a stranger. */
export class HideNumbersOfResets1763700000032 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts ADD COLUMN phone_shown boolean NOT NULL DEFAULT true;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE otp_attempts DROP COLUMN phone_shown;
    `);
  }
}
