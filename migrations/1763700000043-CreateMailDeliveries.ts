import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One row per mail handed to the relay: when, and how it ended. No text, no code, of the address a mask. */
export class CreateMailDeliveries1763700000043 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE mail_deliveries (
        id uuid CONSTRAINT mail_deliveries_pkey PRIMARY KEY,
        source text NOT NULL,
        reference_id uuid NOT NULL,
        send smallint NOT NULL,
        address_masked text NOT NULL,
        status text NOT NULL CONSTRAINT mail_deliveries_status_known CHECK (status IN ('queued', 'sent', 'failed')),
        failure text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      ) WITH (fillfactor = 70);
      CREATE UNIQUE INDEX mail_deliveries_one_per_send ON mail_deliveries (reference_id, send, source);
      CREATE INDEX mail_deliveries_created_at_idx ON mail_deliveries (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE mail_deliveries;
    `);
  }
}
