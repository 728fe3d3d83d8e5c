// The plans of questions to the audit log (ADR 83): a rare event is found by its name through an index, however many common events there are, and
// for a common event a bounded part of the log is read.
import type { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../test/support/database';
import { watchFactors } from '../auth/factor-alarm/factor-alarm.sql';
import type { Database } from '../database/database.service';
import type { Statement } from '../database/sql';
import { AuditReader, commonEvents } from './audit-reader.service';

const asked: [Statement, readonly unknown[]][] = [];
const database = {
  run: (statement: Statement, values: readonly unknown[]) => {
    asked.push([statement, values]);
    return Promise.resolve([]);
  },
} as unknown as Database;
const NOW = new Date();
const alarm = { now: NOW, seconds: 600, least: 1, percent: 50, requestId: null, address: null };

describe('the audit log', () => {
  let made: OpenDatabase;
  let client: Client;
  beforeAll(async () => {
    made = await openDatabase();
    client = made.client;
    await client.query(
      `INSERT INTO audit_log (at, event) SELECT $1::timestamptz - make_interval(secs => n), (ARRAY['otp_sent', 'session_renewed', 'login_challenged'])[1 + n % 3]
         FROM generate_series(1, 20000) n`,
      [NOW],
    );
    await client.query('ANALYZE audit_log');
  });
  afterAll(() => made.close());

  it.each([
    ['a page of what was rare', () => new AuditReader(database).page({ event: 'authn_token_reuse' }, '', 50)],
    ['the newest of a rare one', () => new AuditReader(database).newestByReason('sms_breaker_opened', new Date(0))],
    ['the alarm of second factors', () => database.run(...watchFactors.with(alarm))],
  ])('%s is found by its name', async (_name, ask) => {
    asked.length = 0;
    await ask();
    const [{ name, text }, values] = asked[0] ?? [{ name: '', text: '' }, []];
    // A statement with a name is prepared, and planned for any value. One without a name is planned for the values that it is given.
    const explain = name === '' ? { text: `EXPLAIN ${text}`, values: [...values] } : `EXPLAIN (GENERIC_PLAN) ${text}`;
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(explain);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('audit_log_rare_event_at_idx');
  });

  it('an event is common where that index leaves it out', async () => {
    const { rows } = await client.query<{ left: string }>(
      `SELECT pg_get_expr(indpred, indrelid) AS left FROM pg_index WHERE indexrelid = 'audit_log_rare_event_at_idx'::regclass`,
    );
    expect([...(rows[0]?.left ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name)).toEqual(commonEvents);
  });

  it.each(['session_created', 'otp_sent'])(
    'a page of what is common reads a bounded part of the log: %s',
    async (event) => {
      asked.length = 0;
      await new AuditReader(database).page({ event }, '', 50);
      const [{ text }, values] = asked[0] ?? [{ text: '' }, []];
      const { rows } = await client.query<{ 'QUERY PLAN': string }>({ text: `EXPLAIN ${text}`, values: [...values] });
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('Index Scan Backward using audit_log_at_idx');
      expect(plan).not.toContain('Seq Scan');
    },
  );
});
