import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a vendor took a message, and when it arrived.
 * `arrives_at` is for a decoy only: from then on it counts as delivered.
 */
export class TellHowDeliveriesEnd1763700000024 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_deliveries
        ADD COLUMN sent_at timestamptz,
        ADD COLUMN delivered_at timestamptz,
        ADD COLUMN arrives_at timestamptz;
      UPDATE sms_deliveries SET sent_at = updated_at WHERE status = 'sent';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_deliveries DROP COLUMN sent_at, DROP COLUMN delivered_at, DROP COLUMN arrives_at;
    `);
  }
}
