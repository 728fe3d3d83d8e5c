import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What vendors have told about hand-overs, each fact once. Kept also when its hand-over is not known yet: it is applied when it is. */
export class CreateSmsReceipts1763700000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sms_receipts (
        id uuid CONSTRAINT sms_receipts_pkey PRIMARY KEY,
        provider text NOT NULL,
        provider_id text NOT NULL,
        reference uuid,
        status text NOT NULL
          CONSTRAINT sms_receipts_status_known CHECK (status IN ('sent', 'failed', 'delivered')),
        failure_kind text,
        vendor_code text,
        price numeric(14, 8),
        currency text,
        happened_at timestamptz,
        received_at timestamptz NOT NULL
      );
      CREATE UNIQUE INDEX sms_receipts_one_per_status ON sms_receipts (provider, provider_id, status);
      CREATE INDEX sms_receipts_received_at_idx ON sms_receipts (received_at);
      CREATE INDEX sms_deliveries_provider_id_idx ON sms_deliveries (provider, provider_id);
      ALTER TABLE sms_deliveries
        ADD COLUMN price numeric(14, 8),
        ADD COLUMN currency text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_deliveries DROP COLUMN price, DROP COLUMN currency;
      DROP INDEX sms_deliveries_provider_id_idx;
      DROP TABLE sms_receipts;
    `);
  }
}
