import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Apps and services registered with us. A deleted one keeps its row without a secret, so that its client id is never given again. */
export class CreateApiClients1763700000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_clients (
        id uuid CONSTRAINT api_clients_pkey PRIMARY KEY,
        client_id text NOT NULL CONSTRAINT api_clients_client_id_key UNIQUE
          CONSTRAINT api_clients_client_id_form CHECK (client_id ~ '^[a-z0-9][a-z0-9._-]{2,63}$' AND client_id <> 'first-party'),
        name text NOT NULL,
        audience text NOT NULL CONSTRAINT api_clients_audience_form CHECK (audience ~ '^[!-~]+$' AND length(audience) <= 256),
        access_token_ttl_seconds int CONSTRAINT api_clients_ttl_bounds CHECK (access_token_ttl_seconds BETWEEN 60 AND 3600),
        allowed_origins text[] NOT NULL,
        scopes text[] NOT NULL
          CONSTRAINT api_clients_scopes_known CHECK (scopes <@ ARRAY['admin', 'introspect', 'revoke', 'phone_verifications']),
        secret_digest bytea CONSTRAINT api_clients_secret_digest_length CHECK (length(secret_digest) = 32),
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        secret_created_at timestamptz NOT NULL,
        disabled_at timestamptz,
        deleted_at timestamptz,
        CONSTRAINT api_clients_deleted_has_no_secret CHECK ((deleted_at IS NULL) = (secret_digest IS NOT NULL))
      );
      CREATE UNIQUE INDEX api_clients_secret_digest_idx ON api_clients (secret_digest);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE api_clients;
    `);
  }
}
