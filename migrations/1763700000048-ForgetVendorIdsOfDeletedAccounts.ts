import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether what vendors call the messages of a deleted account has been forgotten: once, when none of them is under way any more. */
export class ForgetVendorIdsOfDeletedAccounts1763700000048 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE deleted_accounts ADD COLUMN vendor_ids_forgotten boolean NOT NULL DEFAULT false;
      CREATE INDEX deleted_accounts_to_forget_idx ON deleted_accounts (deleted_at) WHERE NOT vendor_ids_forgotten;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX deleted_accounts_to_forget_idx;
      ALTER TABLE deleted_accounts DROP COLUMN vendor_ids_forgotten;
    `);
  }
}
