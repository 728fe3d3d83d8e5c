import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a message costs by the operator's price list, kept with it, since lists change. Null where the list has no price. */
export class AddExpectedPriceToSmsDeliveries1763700000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_deliveries
        ADD COLUMN expected_price numeric(14, 8),
        ADD COLUMN expected_currency text,
        ADD CONSTRAINT sms_deliveries_expected_price_has_currency
          CHECK ((expected_price IS NULL) = (expected_currency IS NULL));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_deliveries
        DROP COLUMN expected_price,
        DROP COLUMN expected_currency;
    `);
  }
}
