import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened, written in the transaction of the change itself; the app never updates or deletes a row. */
export class CreateAuditLog1763700000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT audit_log_pkey PRIMARY KEY,
        at timestamptz NOT NULL,
        event text NOT NULL,
        user_id uuid,
        session_id uuid,
        ref uuid,
        request_id text,
        address text,
        reason text,
        meta jsonb
      );
      CREATE INDEX audit_log_user_id_at_idx ON audit_log (user_id, at);
      CREATE INDEX audit_log_at_idx ON audit_log (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_log;
    `);
  }
}
