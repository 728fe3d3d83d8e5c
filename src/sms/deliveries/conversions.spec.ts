// What it costs to decide a batch of hand-overs: the same for each, however many there are (P10).
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
});
