import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may register where registration is by invitation. A use is counted by the statement that makes the user, never before. */
export class CreateInvites1763700000058 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE invites (
        id uuid CONSTRAINT invites_pkey PRIMARY KEY,
        token_digest bytea NOT NULL CONSTRAINT invites_token_digest_key UNIQUE,
        note text,
        phone text,
        uses_max integer NOT NULL CONSTRAINT invites_uses_max_check CHECK (uses_max BETWEEN 1 AND 10000),
        uses integer NOT NULL DEFAULT 0 CONSTRAINT invites_uses_check CHECK (uses BETWEEN 0 AND uses_max),
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz
      );
      CREATE INDEX invites_created_at_id_idx ON invites (created_at, id);
      ALTER TABLE registrations ADD COLUMN invite_id uuid
        CONSTRAINT registrations_invite_id_fkey REFERENCES invites (id) ON DELETE CASCADE;
      CREATE INDEX registrations_invite_id_idx ON registrations (invite_id) WHERE invite_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE registrations DROP COLUMN invite_id;
      DROP TABLE invites;
    `);
  }
}
