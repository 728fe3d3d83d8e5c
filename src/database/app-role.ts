// What the app's role may do where another role owns the schema (docs/production.md, ASVS 16.4.2, A99). It may read and write rows, but not
// change tables. It may read and append to the audit log, and nothing else there. It may not change what a challenge is for. These rights are
// granted anew after every migration, in one transaction.
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { OperatorError } from '../platform/process/operator-error';
import { LOCK_MILLISECONDS, patiently } from './lock-patience';

/**
 * Columns of a challenge that are never updated (protocol.md 2): if its number could be changed, a code made for one number would work for
 * another.
 */
const IDENTITY = [
  ...['id', 'token_digest', 'purpose', 'key_id', 'code_length', 'subject_id', 'session_id', 'auth_epoch', 'client_id'],
  ...['phone', 'email', 'budget_key', 'max_failed', 'created_at', 'expires_at'],
];

/** @param role must exist. @throws OperatorError when it does not; then nothing has changed */
export function grantToApp(client: Client, role: string, onProgress: (line: string) => void): Promise<void> {
  const what = (): Promise<string> => Promise.resolve(`what ${role} may do`);
  return patiently(() => grant(client, role), what, onProgress);
}

async function grant(client: Client, role: string): Promise<void> {
  const app = escapeIdentifier(role);
  await client
    .query(
      `BEGIN;
    SET LOCAL lock_timeout = ${LOCK_MILLISECONDS};
    GRANT USAGE ON SCHEMA graphile_worker TO ${app};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, graphile_worker TO ${app};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, graphile_worker TO ${app};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public, graphile_worker TO ${app};
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM ${app};
    REVOKE UPDATE ON otp_attempts FROM ${app};
    ${updatable(role)}
    REVOKE INSERT, UPDATE, DELETE ON public.migrations, public.schema_floor, graphile_worker.migrations FROM ${app};
    ${policies(role)}
    COMMIT`,
    )
    .catch(async (error: unknown) => {
      await client.query('ROLLBACK').catch(() => undefined);
      throw named(error as Error & { code?: string });
    });
}

const UNDEFINED_OBJECT = '42704';

function named(error: Error & { code?: string }): Error {
  if (error.code !== UNDEFINED_OBJECT) return error;
  return new OperatorError(`${error.message}: create the role that DATABASE_URL names, then migrate again`);
}

/** Grants updates of all columns of a challenge except those above. */
function updatable(role: string): string {
  return `DO $$
    BEGIN
      EXECUTE (SELECT format('GRANT UPDATE (%s) ON otp_attempts TO %I', string_agg(quote_ident(attname), ', '), ${escapeLiteral(role)})
        FROM pg_attribute WHERE attrelid = 'otp_attempts'::regclass AND attnum > 0 AND NOT attisdropped
         AND attname <> ALL ('{${IDENTITY.join()}}'));
    END $$;`;
}

/**
 * The queue's tables have row-level security switched on, without a policy. Each gets its policy once only, because CREATE POLICY waits until
 * nobody uses the table, not even a backup.
 */
function policies(role: string): string {
  return `DO $$
    DECLARE name text; role text := ${escapeLiteral(role)};
    BEGIN
      FOR name IN SELECT tablename FROM pg_tables t WHERE schemaname = 'graphile_worker' AND rowsecurity
          AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = t.schemaname AND p.tablename = t.tablename AND policyname = role) LOOP
        EXECUTE format('CREATE POLICY %I ON graphile_worker.%I TO %I USING (true)', role, name, role);
      END LOOP;
    END $$;`;
}
