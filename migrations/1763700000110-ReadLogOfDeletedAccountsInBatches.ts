import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Up to which time the audit log of a deleted account has been read for its messages, whose ids of vendors are forgotten (migration 48). An
 * account with millions of events could not be read at once, within the 3 s of a statement. Null: not begun.
 */
export class ReadLogOfDeletedAccountsInBatches1763700000110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deleted_accounts ADD COLUMN log_read_to timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE deleted_accounts DROP COLUMN log_read_to');
  }
}
