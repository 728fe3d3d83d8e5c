import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What became of a vendor's latest codes, asked with every decoy: by time alone, a vendor that is rarely used was looked for in all that
 * others have carried in ninety days, and before the first ANALYZE everything was read for every one (ADR 79).
 */
export class FindLatestCodesOfVendor1763700000084 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SET lock_timeout = 0');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS sms_deliveries_latest_code_idx');
    await runner.query(
      `CREATE INDEX CONCURRENTLY sms_deliveries_latest_code_idx ON sms_deliveries (provider, created_at) WHERE source = 'code'`,
    );
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('SET lock_timeout = 0');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS sms_deliveries_latest_code_idx');
    await runner.query('RESET lock_timeout');
  }
}
