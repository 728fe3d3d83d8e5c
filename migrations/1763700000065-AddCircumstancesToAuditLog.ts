import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How an event came about (security.md 5.10): the browser as a hash, what proved the person, and the number as a keyed digest with its
 * last two digits. The number's part goes after 30 days, as the tombstone of a deleted account does: then nothing joins an id to a number.
 */
export class AddCircumstancesToAuditLog1763700000065 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE audit_log ADD COLUMN ua_hash text, ADD COLUMN amr text[], ADD COLUMN phone_hmac bytea, ADD COLUMN phone_tail text
        CONSTRAINT audit_log_phone_tail_short CHECK (length(phone_tail) <= 2);
      CREATE INDEX audit_log_phone_hmac_idx ON audit_log (id) WHERE phone_hmac IS NOT NULL;

      CREATE FUNCTION audit_log_may_become(was audit_log, is_now audit_log) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT was.at < now() - interval '30 days'
           AND to_jsonb(is_now) - ARRAY['address', 'phone_hmac', 'phone_tail'] = to_jsonb(was) - ARRAY['address', 'phone_hmac', 'phone_tail']
           AND is_now.phone_hmac IS NULL AND is_now.phone_tail IS NULL
           AND (is_now.address IS NOT DISTINCT FROM was.address
                OR (was.at < now() - interval '90 days' AND is_now.address IS NOT DISTINCT FROM audit_network(was.address)))
      $$;
      DROP TRIGGER audit_log_no_update ON audit_log;
      CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW
        WHEN (NOT audit_log_may_become(OLD, NEW)) EXECUTE FUNCTION audit_log_refuse();
      ${expire(`
          UPDATE audit_log SET address = audit_network(address), phone_hmac = NULL, phone_tail = NULL`)}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER audit_log_no_update ON audit_log;
      CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW
        WHEN (OLD.at >= now() - interval '90 days' OR NEW.address IS DISTINCT FROM audit_network(OLD.address)
              OR to_jsonb(NEW) - 'address' IS DISTINCT FROM to_jsonb(OLD) - 'address') EXECUTE FUNCTION audit_log_refuse();
      DROP FUNCTION audit_log_may_become(audit_log, audit_log);
      ${expire('UPDATE audit_log SET address = audit_network(address)', false)}
      DROP INDEX audit_log_phone_hmac_idx;
      ALTER TABLE audit_log DROP COLUMN ua_hash, DROP COLUMN amr, DROP COLUMN phone_hmac, DROP COLUMN phone_tail;
    `);
  }
}

const narrowing = `SELECT oldest.id FROM (SELECT id, at FROM audit_log WHERE address NOT LIKE '%/%' ORDER BY id LIMIT batch) oldest
             WHERE oldest.at < now() - interval '90 days' AND oldest.at >= now() - interval '400 days'`;

function expire(narrow: string, forgets = true): string {
  return `
      CREATE OR REPLACE FUNCTION audit_log_expire(batch integer) RETURNS integer LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        WITH gone AS (
          DELETE FROM audit_log WHERE id IN (
            SELECT oldest.id FROM (SELECT id, at FROM audit_log ORDER BY id LIMIT batch) oldest WHERE oldest.at < now() - interval '400 days'
          ) RETURNING 1
        ), narrowed AS (
          ${narrow} WHERE id IN (
            ${narrowing}
          ) RETURNING 1
        )${
          forgets
            ? `, forgotten AS (
          UPDATE audit_log SET phone_hmac = NULL, phone_tail = NULL WHERE id IN (
            SELECT oldest.id FROM (SELECT id, at FROM audit_log WHERE phone_hmac IS NOT NULL ORDER BY id LIMIT batch) oldest
             WHERE oldest.at < now() - interval '30 days' AND oldest.at >= now() - interval '400 days'
            EXCEPT ${narrowing}
          ) RETURNING 1
        )`
            : ''
        }
        SELECT greatest((SELECT count(*) FROM gone), (SELECT count(*) FROM narrowed)${forgets ? ', (SELECT count(*) FROM forgotten)' : ''})::integer
      $$;`;
}
