import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every sign-in and every refresh leaves: three quarters of the log. */
const COMMON = ['authn_login_success', 'login_challenged', 'otp_sent', 'session_created', 'session_renewed'];

/**
 * By its name somebody looks for what is rare; what is not is found soon enough by time. The common events cost an index entry each, with
 * their name in it, of each sign-in (ADR 83).
 */
export class IndexRareAuditEvents1763700000092 implements MigrationInterface {
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const names = COMMON.map((name) => `'${name}'`).join(', ');
    await runner.query('SET lock_timeout = 0');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS audit_log_rare_event_at_idx');
    await runner.query(
      `CREATE INDEX CONCURRENTLY audit_log_rare_event_at_idx ON audit_log (event, at) WHERE event NOT IN (${names})`,
    );
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS audit_log_event_at_idx');
    await runner.query('RESET lock_timeout');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('SET lock_timeout = 0');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS audit_log_event_at_idx');
    await runner.query('CREATE INDEX CONCURRENTLY audit_log_event_at_idx ON audit_log (event, at)');
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS audit_log_rare_event_at_idx');
    await runner.query('RESET lock_timeout');
  }
}
