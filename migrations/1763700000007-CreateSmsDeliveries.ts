import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row per hand-over to a vendor: who, when, how it ended. No text, no code, no full number. */
export class CreateSmsDeliveries1763700000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sms_deliveries (
        id uuid CONSTRAINT sms_deliveries_pkey PRIMARY KEY,
        source text NOT NULL,
        reference_id uuid NOT NULL,
        send smallint NOT NULL,
        provider text,
        provider_id text,
        phone_masked text NOT NULL,
        country text,
        channel text NOT NULL,
        status text NOT NULL
          CONSTRAINT sms_deliveries_status_known CHECK (status IN ('queued', 'sent', 'failed', 'delivered')),
        failure_kind text,
        vendor_code text,
        segments smallint,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      ) WITH (fillfactor = 70);
      CREATE UNIQUE INDEX sms_deliveries_one_per_send ON sms_deliveries (reference_id, send, source, provider);
      CREATE INDEX sms_deliveries_created_at_idx ON sms_deliveries (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE sms_deliveries;
    `);
  }
}
