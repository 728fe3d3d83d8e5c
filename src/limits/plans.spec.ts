// The counters of a message are found by their keys even where plans were made while there were few (ADR 87).
import type { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../test/support/database';

const LOOK = `SELECT * FROM look_at_counters($1::jsonb, '[]', '[]', now(), NULL, NULL)`;
const wanted = (key: string) => JSON.stringify([{ key, counts: [5], seconds: [60], own: true, waits: false }]);

describe('after an ANALYZE of counters that were few', () => {
  let made: OpenDatabase;
  let client: Client;
  beforeAll(async () => {
    made = await openDatabase();
    client = made.client;
    await fill(1);
    await client.query('VACUUM ANALYZE rate_limits');
    await look(10);
    await fill(3000);
  });
  afterAll(() => made.close());

  const fill = (count: number) =>
    client.query(
      `INSERT INTO rate_limits (key, hits, touched_at) SELECT 'k' || n, ARRAY[now()], now() FROM generate_series(1, $1) AS n ON CONFLICT DO NOTHING`,
      [count],
    );
  const look = async (times: number) => {
    for (let time = 0; time < times; time += 1)
      await client.query({ name: 'look', text: LOOK, values: [wanted(`k${time}`)] });
  };
  const read = async () => {
    await client.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await client.query<{ read: string }>(
      `SELECT seq_tup_read AS read FROM pg_stat_user_tables WHERE relname = 'rate_limits'`,
    );
    return Number(rows[0]?.read);
  };

  it('a look at them reads no other, however many have come since', async () => {
    const before = await read();
    await look(20);
    expect((await read()) - before).toBe(0);
  });

  it('both functions read by index and are not compiled, whatever the connection has set', async () => {
    const { rows } = await client.query<{ set: string[] }>(
      `SELECT proconfig AS set FROM pg_proc WHERE proname IN ('look_at_counters', 'take_counters')`,
    );
    expect(rows).toEqual(Array(2).fill({ set: ['enable_seqscan=off', 'jit=off'] }));
  });
});
