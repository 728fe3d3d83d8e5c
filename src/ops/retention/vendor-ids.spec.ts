// How much is read to forget the vendors' ids of a deleted account (ADR 45, ADR 79): steps of one size, however often the account was used, and
// all of its messages in the end. retention.rules.spec.ts says which ids these are, and when.
import type { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { Standstill } from '../../platform/process/standstill';
import { BATCH } from './deletions.sql';
import { RetentionService } from './retention.service';
import { forgetVendorIds } from './vendor-ids.sql';

const NOW = new Date('2026-06-01T12:00:00Z');
const BUSY = '00000000-0000-4000-8000-00000000000a';
const OTHER = '00000000-0000-4000-8000-00000000000b';
/** A plan made for any value, by connections like those of jobs (pools.ts), and by some behind a proxy, which have no settings. */
const SETTINGS = ['SET enable_seqscan = off', 'RESET enable_seqscan'];

class FixedClock extends Clock {
  override now(): Date {
    return NOW;
  }
}

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

describe('the ids that vendors have for the messages of a deleted account', () => {
  let made: OpenDatabase;
  let client: Client;

  beforeEach(async () => {
    made = await openDatabase();
    client = made.client;
  });
  afterEach(() => made.close());

  /** @param run of each statement. @param signal to stop at */
  function purge(
    run = async ({ text }: Statement, values: readonly unknown[]) =>
      (await client.query(text, [...values])).rows as unknown[],
    { signal } = new AbortController(),
  ): Promise<void> {
    const database = { run } as unknown as Database;
    return new RetentionService(new JobRegistry(new Standstill()), database, new FixedClock()).purge(signal);
  }

  /** So many events of the account, which come a few at a time; each is of a message of its own that has a vendor's id. */
  async function used(account: string, events: number, atOnce = 1): Promise<void> {
    await client.query(
      `WITH told AS (
         INSERT INTO audit_log (at, event, user_id, ref)
         SELECT $3::timestamptz - interval '3 hours' - make_interval(secs => n / $4::int), 'login_challenged', $1, gen_random_uuid() FROM generate_series(0, $2::int - 1) n
         RETURNING at, ref
       )
       INSERT INTO sms_deliveries (id, source, reference_id, send, phone_masked, channel, status, created_at, updated_at, provider, provider_id)
       SELECT gen_random_uuid(), $1::text, ref, 1, '+1******0001', 'sms', 'sent', at, at, 'p', ref FROM told`,
      [account, events, NOW, atOnce],
    );
  }
  const deleted = (account: string) =>
    client.query(
      `INSERT INTO deleted_accounts (user_id, deleted_at) VALUES ($1, $2::timestamptz - interval '2 hours 1 second')`,
      [account, NOW],
    );
  const named = async (account: string) =>
    (await client.query('SELECT FROM sms_deliveries WHERE source = $1 AND provider_id IS NOT NULL', [account]))
      .rowCount;

  it.each(SETTINGS)(
    'are looked for in steps of a thousand events, whoever has most of the log (%s)',
    async (setting) => {
      await used(BUSY, 20_000);
      await used(OTHER, 10);
      await client.query('ANALYZE');
      await client.query(setting);
      await deleted(BUSY);
      await deleted(OTHER);
      const read: number[] = [];
      await purge(async ({ name, text }, values) => {
        if (name !== forgetVendorIds.name) return [];
        const explain = `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`;
        const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(explain, [...values]);
        read.push(rowsOfLog(rows[0]?.['QUERY PLAN'][0].Plan));
        const left = await client.query('SELECT FROM deleted_accounts WHERE NOT vendor_ids_forgotten');
        return [{ more: left.rowCount !== 0 }];
      });
      expect(Math.max(...read)).toBeLessThanOrEqual(BATCH + 1);
      expect([await named(BUSY), await named(OTHER)]).toEqual([0, 0]);
    },
  );

  it('are all forgotten, also when a run is stopped in between, and when many events have one time', async () => {
    await used(BUSY, 3 * BATCH, 0.3 * BATCH);
    await deleted(BUSY);
    const stop = new AbortController();
    const stopped = async ({ text }: Statement, values: readonly unknown[]) => {
      stop.abort();
      return (await client.query(text, [...values])).rows as unknown[];
    };
    await purge(stopped, stop);
    expect(await named(BUSY)).toBe(1.8 * BATCH);
    await purge();
    expect(await named(BUSY)).toBe(0);
    const left = 'SELECT FROM deleted_accounts WHERE NOT vendor_ids_forgotten';
    expect((await client.query(left)).rowCount).toBe(0);
  });

  it('do not keep a run from the rest of its work, however many accounts there are', async () => {
    await client.query(
      `INSERT INTO deleted_accounts (user_id, deleted_at) SELECT gen_random_uuid(), $1::timestamptz - interval '3 hours' FROM generate_series(1, 1001)`,
      [NOW],
    );
    const unread = async () =>
      (await client.query('SELECT FROM deleted_accounts WHERE NOT vendor_ids_forgotten')).rowCount;
    await purge();
    expect(await unread()).toBe(1);
    await purge();
    expect(await unread()).toBe(0);
  });
});

function rowsOfLog(plan: Plan | undefined): number {
  if (plan === undefined) return NaN;
  const own = plan['Relation Name'] === 'audit_log' ? plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0) : 0;
  return own + (plan.Plans ?? []).reduce((sum, below) => sum + rowsOfLog(below), 0);
}
