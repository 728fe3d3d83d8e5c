import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tells the planner that deliveries have few currencies, so that sums over millions of them are made in memory and need no sort. */
export class CountCurrenciesOfDeliveries1763700000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE STATISTICS sms_deliveries_currency ON (CASE WHEN price IS NULL THEN expected_currency ELSE currency END) FROM sms_deliveries;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP STATISTICS sms_deliveries_currency;');
  }
}
