import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operators look for what is rare: a country, what failed, what is still queued. Most are delivered, and those are found by time. */
export class FindDeliveriesByCountryAndStatus1763700000062 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX sms_deliveries_country_idx ON sms_deliveries (country, created_at);
      CREATE INDEX sms_deliveries_undelivered_idx ON sms_deliveries (status, created_at) WHERE status <> 'delivered';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX sms_deliveries_undelivered_idx;
      DROP INDEX sms_deliveries_country_idx;
    `);
  }
}
