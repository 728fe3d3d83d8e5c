import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit log only grows: whoever asks, a row is neither changed nor deleted before its time (400 days; its address gives way to
 * its network after 90). audit_log_expire is the one way to do either, and its bounds are by the database's own clock.
 */
export class ProtectAuditLog1763700000056 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION audit_network(address text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
      BEGIN
        RETURN network(set_masklen(host(address::inet)::inet, CASE family(address::inet) WHEN 4 THEN 24 ELSE 48 END))::text;
      EXCEPTION WHEN invalid_text_representation THEN
        RETURN NULL;
      END $$;

      CREATE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW
        WHEN (OLD.at >= now() - interval '400 days') EXECUTE FUNCTION audit_log_refuse();
      CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW
        WHEN (OLD.at >= now() - interval '90 days' OR NEW.address IS DISTINCT FROM audit_network(OLD.address)
              OR to_jsonb(NEW) - 'address' IS DISTINCT FROM to_jsonb(OLD) - 'address') EXECUTE FUNCTION audit_log_refuse();
      CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log EXECUTE FUNCTION audit_log_refuse();

      CREATE INDEX audit_log_address_idx ON audit_log (id) WHERE address NOT LIKE '%/%';
      CREATE FUNCTION audit_log_expire(batch integer) RETURNS integer LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        WITH gone AS (
          DELETE FROM audit_log WHERE id IN (
            SELECT oldest.id FROM (SELECT id, at FROM audit_log ORDER BY id LIMIT batch) oldest WHERE oldest.at < now() - interval '400 days'
          ) RETURNING 1
        ), narrowed AS (
          UPDATE audit_log SET address = audit_network(address) WHERE id IN (
            SELECT oldest.id FROM (SELECT id, at FROM audit_log WHERE address NOT LIKE '%/%' ORDER BY id LIMIT batch) oldest
             WHERE oldest.at < now() - interval '90 days' AND oldest.at >= now() - interval '400 days'
          ) RETURNING 1
        )
        SELECT greatest((SELECT count(*) FROM gone), (SELECT count(*) FROM narrowed))::integer
      $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP FUNCTION audit_log_expire(integer);
      DROP INDEX audit_log_address_idx;
      DROP TRIGGER audit_log_no_truncate ON audit_log;
      DROP TRIGGER audit_log_no_update ON audit_log;
      DROP TRIGGER audit_log_no_delete ON audit_log;
      DROP FUNCTION audit_log_refuse();
      DROP FUNCTION audit_network(text);
    `);
  }
}
