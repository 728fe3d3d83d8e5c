// take_counters by several at a time (migration 100, ADR 87): rows are locked in one order, so nobody waits for somebody who waits for him,
// and a count is exact however many come at once.
import { Client, Pool } from 'pg';
import { budget, hit, look, spend, take, type Alarm, type Ask } from '../../test/support/counters';
import { openDatabase, type OpenDatabase } from '../../test/support/database';

let made: OpenDatabase;
let pool: Pool;
beforeEach(async () => {
  made = await openDatabase();
  const { host, port, user, password, database } = made.client;
  pool = new Pool({ host, port, user, password: password ?? '', database, max: 20 });
});
afterEach(async () => {
  await pool.end();
  await made.close();
});

/** On a connection of its own, in a transaction that is rolled back. */
async function apart<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = (await pool.connect()) as unknown as Client & { release: () => void };
  try {
    await client.query('BEGIN');
    return await work(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function untilWaiting(): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  for (const until = performance.now() + 10_000; (await made.client.query(waiting)).rowCount === 0;) {
    if (performance.now() > until) throw new Error('it does not wait');
  }
}

describe('locks', () => {
  // Letters after Z and before a: an order of bytes, whatever the database's own is.
  const ask: Ask = {
    wanted: [hit('a', 9, 60), hit('B', 9, 60)],
    budgets: [budget('a', 9), budget('B', 9)],
    spends: [spend('a', 9), spend('B', 9)],
  };
  const rows = [
    'rate_limits key B',
    'rate_limits key a',
    'unverified_sends key B',
    'unverified_sends key a',
    'spend_windows scope B',
    'spend_windows scope a',
  ];
  const lock = (client: Client, row: string, how = '') => {
    const [table, column, key] = row.split(' ');
    return client.query(`SELECT FROM ${table ?? ''} WHERE ${column ?? ''} = $1 FOR UPDATE ${how}`, [key]);
  };

  it.each(rows.map((row, at) => [row, at] as const))(
    'whoever waits for %s holds those before it and none after it',
    async (row, at) => {
      await take(made.client, ask, 0);
      await apart(async (holder) => {
        await lock(holder, row);
        await apart(async (waiter) => {
          const taking = take(waiter, ask, 1);
          await untilWaiting();
          const free: boolean[] = [];
          for (const other of rows)
            free.push((await apart((client) => lock(client, other, 'SKIP LOCKED'))).rowCount === 1);
          await holder.query('ROLLBACK');
          await taking;
          expect(free).toEqual(rows.map((_, place) => place > at));
        });
      });
    },
  );

  it('a look waits for none and holds none', async () => {
    await take(made.client, ask, 0);
    await apart(async (holder) => {
      for (const row of rows) await lock(holder, row);
      expect((await look(made.client, ask, 1)).free).toBe(true);
    });
    await apart(async (looker) => {
      await look(looker, ask, 1);
      for (const row of rows) expect((await apart((client) => lock(client, row, 'SKIP LOCKED'))).rowCount).toBe(1);
    });
  });
});

it.each<[string, Ask]>([
  ['hits', { wanted: [hit('a', 7, 60)] }],
  ['a budget', { budgets: [budget('a', 7)] }],
  ['a window of spend', { spends: [spend('a', 7)] }],
])('of 40 at once that all have seen it free, %s takes seven, and the others get LK429', async (_, ask) => {
  const seen = await look(made.client, ask, 0);
  const all = await Promise.allSettled(Array.from({ length: 40 }, () => take(pool as unknown as Client, ask, 0, seen)));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
  const errors = all.flatMap((each) => (each.status === 'rejected' ? [(each.reason as { code: string }).code] : []));
  expect(new Set(errors)).toEqual(new Set(['LK429']));
});

it('two that reach a threshold at once: one tells it, the other gets no error', async () => {
  const ask = (shard: number): Ask => ({ spends: [spend('a', 2000, { shards: 16, amount: 1000 })], shard });
  const first = (await pool.connect()) as unknown as Client & { release: () => void };
  await first.query('BEGIN');
  const told: (readonly Alarm[] | null)[] = [await take(first, ask(1), 0)];
  const second = take(pool as unknown as Client, ask(2), 0);
  await untilWaiting();
  await first.query('COMMIT');
  first.release();
  told.push(await second);
  expect(told).toEqual([[{ kind: 'budget', scope: 'a 50%' }], null]);
});
