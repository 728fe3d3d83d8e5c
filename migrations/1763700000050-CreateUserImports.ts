import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far an import of accounts has come, moved in the statement that makes the accounts, so that it goes on where it stopped; and which
 * lines it refused. Neither holds anything of a person.
 */
export class CreateUserImports1763700000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE user_imports (
        id uuid CONSTRAINT user_imports_pkey PRIMARY KEY,
        digest bytea NOT NULL CONSTRAINT user_imports_digest_length CHECK (octet_length(digest) = 32),
        file_bytes bigint NOT NULL,
        done_bytes bigint NOT NULL DEFAULT 0,
        done_lines bigint NOT NULL DEFAULT 0,
        imported bigint NOT NULL DEFAULT 0,
        refused bigint NOT NULL DEFAULT 0,
        begun_by text NOT NULL,
        created_at timestamptz NOT NULL,
        finished_at timestamptz,
        CONSTRAINT user_imports_within_file CHECK (done_bytes BETWEEN 0 AND file_bytes)
      );
      CREATE UNIQUE INDEX user_imports_unfinished_digest_key ON user_imports (digest) WHERE finished_at IS NULL;
      CREATE TABLE user_import_refusals (
        import_id uuid NOT NULL,
        line bigint NOT NULL,
        code text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT user_import_refusals_pkey PRIMARY KEY (import_id, line),
        CONSTRAINT user_import_refusals_import_id_fkey FOREIGN KEY (import_id) REFERENCES user_imports (id) ON DELETE CASCADE
      );
      CREATE INDEX user_import_refusals_created_at_idx ON user_import_refusals (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE user_import_refusals;
      DROP TABLE user_imports;
    `);
  }
}
