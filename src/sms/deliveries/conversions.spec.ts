// Which hand-over has led to a code, and what it costs to decide a batch of them: the same for each, however many there are (P10).
import type { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../../test/support/database';
import type { Database } from '../../database/database.service';
import type { Statement } from '../../database/sql';
import { ConversionsStore } from './conversions.store';

const NOW = new Date();

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Shared Hit Blocks': number } }[];
}

describe('deciding which hand-overs led to a code', () => {
  let made: OpenDatabase;
  let client: Client;
  beforeAll(async () => {
    made = await openDatabase();
    client = made.client;
    // What is decided already, as the planner knows it: it expects hardly any that are not.
    await insert(20_000, true);
    await client.query('ANALYZE sms_deliveries');
  });
  afterAll(() => made.close());

  const insert = (count: number, converted: boolean | null) =>
    client.query(
      `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, channel, status, created_at, updated_at, converted)
       SELECT gen_random_uuid(), 'code', gen_random_uuid(), 1, 'telnyx', '+1******0001', 'sms', 'sent', $1, $1, $3 FROM generate_series(1, $2::int)`,
      [NOW, count, converted],
    );

  /** Pages read and written for each of so many hand-overs. */
  async function pagesEach(count: number): Promise<number> {
    await insert(count, null);
    const { rows: sent } = await client.query<{ id: string }>(
      'SELECT reference_id AS id FROM sms_deliveries WHERE converted IS NULL',
    );
    let pages = 0;
    const run = async ({ text }: Statement, values: readonly unknown[]): Promise<never[]> => {
      const { rows } = await client.query<Explained>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, [...values]);
      pages = rows[0]?.['QUERY PLAN'][0]?.Plan['Shared Hit Blocks'] ?? NaN;
      return [];
    };
    await new ConversionsStore({ run } as unknown as Database).decide(
      'code',
      sent.map(({ id }) => ({ id, provedAt: NOW })),
    );
    return pages / count;
  }

  it('costs each of a thousand what it costs each of fifty: a few pages', async () => {
    expect(await pagesEach(50)).toBeLessThan(60);
    expect(await pagesEach(1000)).toBeLessThan(60);
    const { rows } = await client.query('SELECT count(*)::int AS n FROM sms_deliveries WHERE converted');
    expect(rows).toEqual([{ n: 21_050 }]);
  });

  it('is still to come where nobody could for a day, and no more for what has outlived its challenge', async () => {
    await client.query('DELETE FROM sms_deliveries WHERE converted IS NULL');
    const HOUR = 3_600_000;
    const run = async ({ text }: Statement, values: readonly unknown[]) =>
      (await client.query(text, [...values])).rows as unknown[];
    const store = new ConversionsStore({ run } as unknown as Database);
    await insert(1, null);
    const found = async (hours: number) =>
      (await store.undecided('code', new Date(0), new Date(NOW.getTime() + hours * HOUR), 10)).length;
    expect([await found(24), await found(26)]).toEqual([1, 0]);
  });

  it('the credit is that of the last one that was out when the code was entered, not of one that had failed', async () => {
    const id = '00000000-0000-4000-8000-00000000000a';
    for (const [send, status, seconds] of [
      [1, 'sent', -90],
      [2, 'delivered', -60],
      [3, 'failed', -30],
      [4, 'sent', 1],
    ]) {
      await client.query(
        `INSERT INTO sms_deliveries (id, source, reference_id, send, provider, phone_masked, channel, status, created_at, updated_at)
         VALUES (gen_random_uuid(), 'code', $1, $2, 'telnyx', '+1******0001', 'sms', $3, $4, $4)`,
        [id, send, status, new Date(NOW.getTime() + Number(seconds) * 1000)],
      );
    }
    const run = async ({ text }: Statement, values: readonly unknown[]) =>
      (await client.query(text, [...values])).rows as unknown[];
    await new ConversionsStore({ run } as unknown as Database).decide('code', [{ id, provedAt: NOW }]);
    const credited = 'SELECT send FROM sms_deliveries WHERE reference_id = $1 AND converted';
    expect((await client.query(credited, [id])).rows).toEqual([{ send: 2 }]);
  });
});
