import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit log is what an operator's endpoint is told from: one row remembers up to where. Rows are taken in the order of the
 * transactions that wrote them, so that one which commits late is not passed over.
 */
export class CreateAuditWebhook1763700000057 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE audit_log ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();
      CREATE INDEX audit_log_xact_id_idx ON audit_log (xact, id);
      CREATE INDEX audit_log_event_at_idx ON audit_log (event, at);
      CREATE TABLE audit_webhook (
        only_row boolean DEFAULT true CONSTRAINT audit_webhook_pkey PRIMARY KEY CONSTRAINT audit_webhook_one_row CHECK (only_row),
        xact xid8 NOT NULL,
        id bigint NOT NULL,
        failing_since timestamptz,
        alarmed boolean NOT NULL DEFAULT false
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_webhook;
      DROP INDEX audit_log_event_at_idx;
      ALTER TABLE audit_log DROP COLUMN xact;
    `);
  }
}
