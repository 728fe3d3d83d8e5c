import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The language of the account, kept like its number: a notice is written when it is sent, and the account may be another's by then. */
export class AddLocaleToNotices1763700000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notices ADD COLUMN locale text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notices DROP COLUMN locale;
    `);
  }
}
