import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Wrong passwords of an account in a row, over any time (NIST SP 800-63B-4 RL-2). On the account: the soft delays' counters go by what
 * was typed, one for each of an account's names, and are forgotten after two days without an attempt.
 */
export class CountPasswordFailuresOfUsers1763700000053 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ADD COLUMN password_failures int NOT NULL DEFAULT 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users DROP COLUMN password_failures;
    `);
  }
}
