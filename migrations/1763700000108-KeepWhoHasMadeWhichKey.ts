import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which operators may be one person is read from the audit log: which of their keys has made, renewed or widened which other (ADR 50). After
 * 400 days that was forgotten, and two keys in one hand were two operators. Of those rows the newest of each pair of keys now stays, until
 * the command line gives the key that was made another secret.
 */
export class KeepWhoHasMadeWhichKey1763700000108 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION audit_log_joins_keys(entry audit_log) RETURNS boolean LANGUAGE sql STABLE
        SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT entry.meta ->> 'by' LIKE 'client:%'
           AND (entry.event <> 'client_updated' OR entry.meta -> 'changed' ? 'scopes')
           AND NOT EXISTS (SELECT FROM audit_log later WHERE later.id > entry.id
                 AND later.event IN ('client_created', 'client_secret_rotated', 'client_updated')
                 AND later.meta ->> 'clientId' = entry.meta ->> 'clientId'
                 AND CASE WHEN later.meta ->> 'by' LIKE 'client:%'
                          THEN later.meta ->> 'by' = entry.meta ->> 'by' AND (later.event <> 'client_updated' OR later.meta -> 'changed' ? 'scopes')
                          ELSE later.event <> 'client_updated' END)
      $$;
      ${expire(`FROM audit_log entry
             WHERE event NOT IN ('client_created', 'client_secret_rotated', 'client_updated') OR NOT audit_log_joins_keys(entry)`)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${expire('FROM audit_log')} DROP FUNCTION audit_log_joins_keys(audit_log);`);
  }
}

const narrowing = `SELECT oldest.id FROM (SELECT id, at FROM audit_log WHERE address NOT LIKE '%/%' ORDER BY id LIMIT batch) oldest
             WHERE oldest.at < now() - interval '90 days' AND oldest.at >= now() - interval '400 days'`;

/** @param mayGo FROM clause of the rows that go after 400 days */
function expire(mayGo: string): string {
  return `
      CREATE OR REPLACE FUNCTION audit_log_expire(batch integer) RETURNS integer LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        WITH gone AS (
          DELETE FROM audit_log WHERE id IN (
            SELECT oldest.id FROM (SELECT id, at ${mayGo} ORDER BY id LIMIT batch) oldest WHERE oldest.at < now() - interval '400 days'
          ) RETURNING 1
        ), narrowed AS (
          UPDATE audit_log SET address = audit_network(address), phone_hmac = NULL, phone_tail = NULL WHERE id IN (
            ${narrowing}
          ) RETURNING 1
        ), forgotten AS (
          UPDATE audit_log SET phone_hmac = NULL, phone_tail = NULL WHERE id IN (
            SELECT oldest.id FROM (SELECT id, at FROM audit_log WHERE phone_hmac IS NOT NULL ORDER BY id LIMIT batch) oldest
             WHERE oldest.at < now() - interval '30 days' AND oldest.at >= now() - interval '400 days'
            EXCEPT ${narrowing}
          ) RETURNING 1
        )
        SELECT greatest((SELECT count(*) FROM gone), (SELECT count(*) FROM narrowed), (SELECT count(*) FROM forgotten))::integer
      $$;`;
}
