// security.md 5.10, line by line: rows that are older than their rule says are deleted, rows that are younger by two seconds stay. It runs on a
// real database. The clock is fixed, and rows are written with times in its past.
import { Standstill } from '../../platform/process/standstill';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { retentionRules } from './retention.rules';
import { RetentionService } from './retention.service';

const NOW = new Date('2026-06-01T12:00:00Z');
const DIGEST = `sha256($1::text::bytea)`;

class FixedClock extends Clock {
  override now(): Date {
    return NOW;
  }
}

/** Inserts a row into each table. $1 is the name of the row, $2 the instant that its rule looks at. */
const rows: Readonly<Record<string, string>> = {
  otp_attempts: `INSERT INTO otp_attempts (id, token_digest, purpose, key_id, code_length, subject_id, phone, max_failed, created_at, expires_at, sends, channel, client_id)
    VALUES (gen_random_uuid(), ${DIGEST}, 'login', 'k1', 6, gen_random_uuid(), '+14152000001', 5, $2, $2, '{}', 'sms', 'c')`,
  registrations: `INSERT INTO registrations (id, phone, password_hash, display_name, created_at) VALUES (gen_random_uuid(), '+14152000001', 'x', $1::text, $2)`,
  invites: `INSERT INTO invites (id, token_digest, uses_max, created_by, created_at, expires_at) VALUES (gen_random_uuid(), ${DIGEST}, 1, $1::text, $2, $2)`,
  rate_limits: `INSERT INTO rate_limits (key, hits, touched_at) VALUES ($1::text, '{}', $2)`,
  unverified_sends: `INSERT INTO unverified_sends (key, sends, verified, touched_at) VALUES ($1::text, '{}', '{}', $2)`,
  spend_windows: `INSERT INTO spend_windows (scope, window_start, shard, n) VALUES ($1::text, $2, 0, 1)`,
  gate_answers: `INSERT INTO gate_answers (digest, expires_at) VALUES (${DIGEST}, $2)`,
  spend_alarms: `INSERT INTO spend_alarms (scope, window_start, percent) VALUES ($1::text, $2, 50)`,
  failure_budgets: `INSERT INTO failure_budgets (key, touched_at) VALUES ($1::text, $2)`,
  notices: `INSERT INTO notices (id, name, phone, created_at) VALUES (gen_random_uuid(), $1::text, '+14152000001', $2)`,
  sms_opt_outs: `INSERT INTO sms_opt_outs (phone_digest, provider, sender, stopped, said_at) VALUES (${DIGEST}, 'p', 's', false, $2)`,
  mail_deliveries: `INSERT INTO mail_deliveries (id, source, reference_id, send, address_masked, status, created_at, updated_at)
    VALUES (gen_random_uuid(), $1::text, gen_random_uuid(), 1, 'a***@example.org', 'sent', $2, $2)`,
  sms_refusals: `INSERT INTO sms_refusals (at, country, kind, n) VALUES ($2, $1::text, 'limit', 1)`,
  sms_receipts: `INSERT INTO sms_receipts (id, provider, provider_id, status, received_at) VALUES (gen_random_uuid(), 'p', $1::text, 'sent', $2)`,
  sms_deliveries: `INSERT INTO sms_deliveries (id, source, reference_id, send, phone_masked, channel, status, created_at, updated_at)
    VALUES (gen_random_uuid(), $1::text, gen_random_uuid(), 1, '+1******0001', 'sms', 'sent', $2, $2)`,
  trusted_devices: `WITH person AS (INSERT INTO users (id, phone, password_hash, last_authenticated_at, created_at)
      SELECT gen_random_uuid(), '+1415' || (3000000 + count(*)), $1::text, $2, $2 FROM users RETURNING id)
    INSERT INTO trusted_devices (id, user_id, auth_epoch, token_delivery, created_at, last_used_at, expires_at, token_digest)
    SELECT gen_random_uuid(), person.id, 0, 'body', $2, $2, $2, '' FROM person`,
  sessions: `WITH owner AS (INSERT INTO users (id, password_hash, display_name, last_authenticated_at, created_at) VALUES (gen_random_uuid(), 'x', $1::text, $2, $2) RETURNING id)
    INSERT INTO sessions (id, user_id, auth_epoch, client_id, amr, authenticated_at, created_at, last_used_at, expires_at, idle_expires_at, refresh_digest)
    SELECT gen_random_uuid(), id, 0, 'c', '{pwd}', $2, $2, $2, $2, $2, ${DIGEST} FROM owner`,
  phone_rebinds: `WITH owner AS (INSERT INTO users (id, password_hash, display_name, last_authenticated_at, created_at) VALUES (gen_random_uuid(), 'x', $1::text, $2, $2) RETURNING id)
    INSERT INTO phone_rebinds (id, user_id, phone, reason, requested_by, requested_at, wait_hours, ended_at, outcome)
    SELECT gen_random_uuid(), id, '+14152000001', 'x', 'cli:x', $2, 24, $2, 'cancelled' FROM owner`,
  deleted_accounts: `INSERT INTO deleted_accounts (user_id, phone_digest, deleted_at) VALUES (gen_random_uuid(), ${DIGEST}, $2)`,
  'graphile_worker._private_jobs': `INSERT INTO graphile_worker._private_jobs (task_id, key, attempts, max_attempts, updated_at)
    SELECT id, $1::text, 1, 1, $2 FROM graphile_worker._private_tasks WHERE identifier = 'probe'`,
  signing_keys: `INSERT INTO signing_keys (kid, alg, public_jwk, state, created_at, retired_at, accepted_until) VALUES ($1::text, 'ES256', '{}', 'retired', $2, $2, $2)`,
};

const DAY = 24;

/** How many hours rows are kept: by security.md 5.10, which is quoted, and by our own choice for data that it does not name. */
const KEPT: Readonly<Record<string, number>> = {
  // "codes, challenges: 24 h after expiry", "unverified registrations: 24 h"
  otp_attempts: DAY,
  registrations: DAY,
  // "ended sessions, refresh hashes: absolute expiry + 30 d"
  sessions: 30 * DAY,
  // "SMS log: 90 d; provider raw receipts 30 d"
  sms_deliveries: 90 * DAY,
  sms_refusals: 90 * DAY,
  sms_receipts: 30 * DAY,
  // "limit counters: 48 h"
  rate_limits: 2 * DAY,
  unverified_sends: 2 * DAY,
  failure_budgets: 2 * DAY,
  // "deleted user: phone HMAC tombstone 30 d"
  deleted_accounts: 30 * DAY,
  // Our own choice.
  spend_windows: 8 * DAY,
  spend_alarms: 8 * DAY,
  mail_deliveries: 90 * DAY,
  sms_opt_outs: 90 * DAY,
  notices: 2 * DAY,
  gate_answers: 0,
  invites: 30 * DAY,
  phone_rebinds: 30 * DAY,
  trusted_devices: 30 * DAY,
  'graphile_worker._private_jobs': 7 * DAY,
  signing_keys: 0,
};

/** Tables without a rule, and what becomes of their rows. */
const WITHOUT_RULE: Readonly<Record<string, readonly string[]>> = {
  'go with the account, which its owner deletes': ['users', 'totp_secrets', 'recovery_codes'],
  'lets go of its rows by a function of its own: 400 days, see test/e2e/long/audit-log.e2e-spec.ts': ['audit_log'],
  'goes with its client app, which the operator deletes': ['api_clients'],
  'one row in all, or one for each name': ['alarms', 'audit_webhook', 'database_state', 'schema_floor'],
  'who imported which file, kept so that it is known; no person is in it': ['user_imports'],
  'go by the end of their import: 30 days, see retention.service.spec.ts': ['user_import_refusals'],
  'cleared by the instances themselves': ['worker_heartbeats', 'job_outbox'],
  'of the migrations': ['migrations'],
};

describe('retention', () => {
  let database: OpenDatabase;
  let client: Client;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await openDatabase();
    client = database.client;
    await client.query(`SELECT graphile_worker.add_job('probe')`);
    await client.query('DELETE FROM graphile_worker._private_jobs');
  });
  afterAll(() => database.close());

  /** Deletes old rows once, as one instance of the app does, on a connection of its own. */
  async function purge(): Promise<void> {
    const own = new Client({ connectionString: database.url });
    await own.connect();
    const run = async <Row>({ text }: Statement, values: readonly unknown[]): Promise<Row[]> =>
      (await own.query(text, [...values])).rows as Row[];
    await new RetentionService(new JobRegistry(new Standstill()), { run } as Database, new FixedClock()).purge(
      new AbortController().signal,
    );
    await own.end();
  }

  const count = async (table: string): Promise<number> =>
    (await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]?.n ?? -1;
  const at = (hours: number, seconds: number): Date => new Date(NOW.getTime() - hours * 3_600_000 + seconds * 1000);
  const insert = (table: string, name: string, instant: Date) => client.query(rows[table] ?? '', [name, instant]);

  // ASVS 14.2.7
  it('every table has its time, and those without one a reason', async () => {
    expect(Object.fromEntries(retentionRules.map(({ table, hours }) => [table, hours]))).toEqual(KEPT);
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const ours = Object.keys(KEPT).filter((table) => !table.includes('.'));
    expect([...ours, ...Object.values(WITHOUT_RULE).flat()].sort()).toEqual(tables.map(({ name }) => name).sort());
  });

  it.each(retentionRules)(
    '$table: $hours h after $column a row goes, not before, and a second run does nothing',
    async ({ table, hours }) => {
      await insert(table, 'old', at(hours, -1));
      await insert(table, 'young', at(hours, 1));
      await purge();
      expect(await count(table)).toBe(1);
      await purge();
      expect(await count(table)).toBe(1);
      await client.query(`DELETE FROM ${table}`);
    },
  );

  it('whatever has no index on its column is walked through, and nothing else', async () => {
    const { rows: led } = await client.query<{ tab: string; col: string }>(
      `SELECT i.indrelid::regclass::text AS tab, a.attname AS col FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indpred IS NULL`,
    );
    const wrong = retentionRules.filter(
      ({ table, column, walked }) => led.some(({ tab, col }) => tab === table && col === column) === (walked ?? false),
    );
    expect(wrong).toEqual([]);
  });

  it('a walk leaves out no page, however long the table is', async () => {
    const many = `INSERT INTO rate_limits (key, hits, touched_at) SELECT $1 || n, array_fill($2::timestamptz, ARRAY[100]), $2 FROM generate_series(1, $3::int) n`;
    await client.query(many, ['old', at(48, -1), 1500]);
    await client.query(many, ['young', at(48, 1), 1500]);
    await client.query(many, ['older', at(48, -5), 700]);
    await purge();
    expect(await count('rate_limits')).toBe(1500);
    await client.query('DELETE FROM rate_limits');
  });

  it('F36: what somebody holds is left for the next run, and keeps nobody waiting', async () => {
    await insert('rate_limits', 'held', at(48, -1));
    await insert('rate_limits', 'free', at(48, -1));
    await client.query('BEGIN');
    await client.query(`SELECT FROM rate_limits WHERE key = 'held' FOR UPDATE`);
    await purge();
    expect((await client.query('SELECT key FROM rate_limits')).rows).toEqual([{ key: 'held' }]);
    await client.query('COMMIT');
    await purge();
    expect(await count('rate_limits')).toBe(0);
  });

  it('F36: two instances at once delete many batches without waiting for each other or deleting what is young', async () => {
    const many = `INSERT INTO rate_limits (key, hits, touched_at) SELECT $1 || n, '{}', $2::timestamptz FROM generate_series(1, 5000) n`;
    await client.query(many, ['old', at(48, -1)]);
    await client.query(many, ['young', at(48, 1)]);
    await Promise.all([purge(), purge()]);
    await purge(); // what the two left to each other
    expect(await count('rate_limits')).toBe(5000);
    await client.query('DELETE FROM rate_limits');
  });

  it('a STOP stays however old it is, but for one that was believed for a while', async () => {
    const stop = `INSERT INTO sms_opt_outs (phone_digest, provider, sender, stopped, said_at) VALUES (${DIGEST}, 'p', 's', true, $2)`;
    await client.query(stop, ['x', at(10_000, 0)]);
    await client.query(stop, ['y', at(10_000, 0)]);
    await client.query(`UPDATE sms_opt_outs SET believed_until = said_at WHERE phone_digest = ${DIGEST}`, ['y']);
    await purge();
    expect((await client.query('SELECT believed_until AS til FROM sms_opt_outs')).rows).toEqual([{ til: null }]);
  });

  it('two hours after a deletion, once, what vendors call the messages of that account is forgotten, and of no other', async () => {
    const [gone, leaving, other] = ['a', 'b', 'c'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);
    const tombstone = 'INSERT INTO deleted_accounts (user_id, deleted_at) VALUES ($1, $2)';
    await client.query(tombstone, [gone, at(2, -1)]);
    await client.query(tombstone, [leaving, at(2, 1)]);
    for (const person of [gone, leaving, other]) {
      await insert('otp_attempts', String(person), at(0, 300));
      const { rows: made } = await client.query<{ id: string }>(
        `UPDATE otp_attempts SET vendor_ref = 'v' WHERE token_digest = ${DIGEST} RETURNING id`,
        [person],
      );
      const told = `INSERT INTO audit_log (at, event, user_id, ref) VALUES ($1, 'login_challenged', $2, $3)`;
      await client.query(told, [at(2, -60), person, made[0]?.id]);
      await insert('sms_deliveries', String(person), at(2, -60));
      const named = `UPDATE sms_deliveries SET reference_id = $2, provider = 'p', provider_id = $1::text WHERE source = $1::text`;
      await client.query(named, [person, made[0]?.id]);
      await insert('sms_receipts', String(person), at(2, -60));
    }
    // Somebody else's message, whose id the person has typed as that of a session (A43).
    const typed = `INSERT INTO audit_log (at, event, user_id, ref) SELECT $1, 'authz_fail', $2, reference_id FROM sms_deliveries WHERE source = $3`;
    await client.query(typed, [at(2, -60), gone, other]);
    const left = async (sql: string) => (await client.query<{ who: string }>(sql)).rows.map(({ who }) => who).sort();

    await purge();

    expect(await left('SELECT provider_id AS who FROM sms_deliveries WHERE provider_id IS NOT NULL')).toEqual([
      leaving,
      other,
    ]);
    expect(await count('sms_deliveries')).toBe(3);
    expect(await left('SELECT provider_id AS who FROM sms_receipts')).toEqual([leaving, other]);
    expect(
      await left(
        `SELECT a.user_id AS who FROM otp_attempts c JOIN audit_log a ON a.ref = c.id AND event <> 'authz_fail' WHERE c.vendor_ref IS NOT NULL`,
      ),
    ).toEqual([leaving, other]);
    expect(await left('SELECT user_id AS who FROM deleted_accounts WHERE vendor_ids_forgotten')).toEqual([gone]);
  });
});
