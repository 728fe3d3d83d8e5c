import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * That an account was deleted, for 30 days (security.md 5.10): its id and a keyed digest of its number, so that whoever comes with the
 * number can be told what happened, by the audit log. Without the row the id means nobody. Nothing else refers to it.
 */
export class CreateDeletedAccounts1763700000047 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE deleted_accounts (
        user_id uuid CONSTRAINT deleted_accounts_pkey PRIMARY KEY,
        phone_digest bytea CONSTRAINT deleted_accounts_phone_digest_length CHECK (length(phone_digest) = 32),
        deleted_at timestamptz NOT NULL
      );
      CREATE INDEX deleted_accounts_phone_digest_idx ON deleted_accounts (phone_digest);
      CREATE INDEX deleted_accounts_deleted_at_idx ON deleted_accounts (deleted_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE deleted_accounts;
    `);
  }
}
