// Promises of take_counters (migration 100, ADR 87): all or nothing, each counter judged on its locked row, whoever was overtaken gets LK429,
// and alarms are told once.
import type { Client } from 'pg';
import { budget, hit, instant, look, sent, spend, START, take, tried, type Ask } from '../../test/support/counters';
import { openDatabase, type OpenDatabase } from '../../test/support/database';
import type { WantedSpend } from './spend.sql';

let made: OpenDatabase;
let client: Client;
beforeEach(async () => {
  made = await openDatabase();
  client = made.client;
});
afterEach(() => made.close());

/** Every counter there is: what it is called, and how much it holds. */
async function counters(): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; n: number }>(
    `
    SELECT 'hits ' || key AS name, cardinality(hits) AS n FROM rate_limits
    UNION ALL SELECT 'budget ' || key, cardinality(sends) FROM unverified_sends
    UNION ALL SELECT concat_ws(' ', 'spend', scope, extract(epoch FROM window_start)::int - $START, shard), n FROM spend_windows`.replace(
      '$START',
      String(START / 1000),
    ),
  );
  return Object.fromEntries(rows.map(({ name, n }) => [name, Number(n)]));
}
const named = (kind: string, ...scopes: string[]) => scopes.map((scope) => ({ kind, scope }));

describe('all or nothing', () => {
  const everything: Ask = {
    wanted: [hit('a', 1, 60), hit('b', 1, 60)],
    budgets: [budget('p', 1), budget('q', 1)],
    spends: [spend('s', 1), spend('t', 1)],
  };

  it('every counter is taken', async () => {
    expect(await take(client, everything, 0)).toEqual(
      named('budget', 's 50%', 's 80%', 's 100%', 't 50%', 't 80%', 't 100%'),
    );
    const all = { 'hits a': 1, 'hits b': 1, 'budget p': 1, 'budget q': 1, 'spend s 0 0': 1, 'spend t 0 0': 1 };
    expect(await counters()).toEqual(all);
  });

  it.each<[string, Ask, string]>([
    ['the last of the hits', { wanted: [hit('b', 1, 60)] }, 'limit'],
    ['a budget', { budgets: [budget('q', 1)] }, 'budget'],
    ['a window of spend', { spends: [spend('t', 1)] }, 'budget'],
  ])('whoever is overtaken at %s gets LK429 and has taken nothing', async (_, first, message) => {
    const seen = await look(client, everything, 5);
    expect(seen.free).toBe(true);
    await take(client, first, 5);
    const before = await counters();
    await expect(take(client, everything, 5, seen)).rejects.toMatchObject({ code: 'LK429', message });
    expect(await counters()).toEqual(before);
  });

  it('what was seen free is judged again: a count holds, whatever was seen', async () => {
    const parts: Ask[] = [{ wanted: [hit('a', 3, 60)] }, { budgets: [budget('p', 3)] }, { spends: [spend('s', 3)] }];
    for (const part of parts) {
      const seen = await look(client, part, 0);
      for (let n = 0; n < 3; n += 1) await take(client, part, n, seen);
      await expect(take(client, part, 3, seen)).rejects.toMatchObject({ code: 'LK429' });
    }
    expect(await counters()).toEqual({ 'hits a': 3, 'budget p': 3, 'spend s 0 0': 3 });
  });
});

it('as many hits are kept as count, and when the last one came', async () => {
  const wanted = [hit('a', 2, 10)];
  for (const second of [0, 10, 20, 30]) expect(await tried(client, { wanted }, second)).toBe('taken');
  const { rows } = await client.query('SELECT hits, touched_at FROM rate_limits');
  expect(rows).toEqual([{ hits: [instant(30), instant(20)], touched_at: instant(30) }]);
});

it('hits whose code was entered are gone from where they are given back, and nowhere else', async () => {
  const wanted = [hit('a', 2, 3600, { refundable: true }), hit('b', 9, 3600)];
  for (const second of [0, 60]) await take(client, { wanted }, second);
  await sent(client, [0, 60]);
  expect(await tried(client, { wanted }, 120)).toBe('taken');
  expect(await counters()).toEqual({ 'hits a': 1, 'hits b': 3 });
});

it('a stranger’s send passes a closed country from an address where codes are entered; it closes with one alarm, and nothing else opens to it', async () => {
  const address = budget('address:x', 99, { own: true });
  for (const second of [0, 1, 2, 3, 4, 5, 6, 7]) {
    await take(client, { budgets: [address], challenge: await sent(client, [second]) }, second);
  }
  const country = budget('country:US', 2, { closes: true, waivable: true });
  const stranger = async (second: number, ...from: (typeof country)[]) =>
    take(client, { budgets: [...from, country], challenge: await sent(client, [second], { consumed: false }) }, second);
  expect(await stranger(10)).toBeNull();
  expect(await stranger(20)).toEqual(named('closed', 'country:US'));
  expect(await stranger(30, address)).toBeNull();
  const prefix = budget('prefix:1', 1, { closes: true });
  await take(client, { budgets: [prefix] }, 30);
  const seen = await look(client, {}, 40);
  for (const budgets of [[country], [address, prefix]]) {
    const overtaken = take(client, { budgets }, 40, seen);
    await expect(overtaken).rejects.toMatchObject({ code: 'LK429', message: 'budget' });
  }
  expect(await counters()).toMatchObject({ 'budget country:US': 2 });
});

describe('alarms of spend', () => {
  const taken = (spend: WantedSpend, second: number) => take(client, { spends: [spend] }, second);

  it('at half, four fifths and all of a window, once each; in the next window again', async () => {
    const told: (number | string)[] = [];
    for (let n = 1; n <= 10; n += 1) {
      for (const { scope } of (await taken(spend('s', 10), n)) ?? []) told.push(n, scope);
    }
    expect(told).toEqual([5, 's 50%', 8, 's 80%', 10, 's 100%']);
    expect(await taken(spend('s', 10, { amount: 4 }), 3600)).toBeNull();
    expect(await taken(spend('s', 10, { amount: 5 }), 3700)).toEqual(named('budget', 's 50%', 's 80%'));
    expect(await counters()).toEqual({ 'spend s 0 0': 10, 'spend s 3600 0': 9 });
  });

  it('of several windows and of a budget that closes, each', async () => {
    const budgets = [budget('prefix:1', 1, { closes: true })];
    const spends = [spend('z', 2), spend('quiet', 9), spend('a', 2)];
    const all = [...named('closed', 'prefix:1'), ...named('budget', 'a 50%', 'z 50%')];
    expect(await take(client, { budgets, spends }, 0)).toEqual(all);
  });

  it('of a window in shards by what all of them hold, each its own; a send writes to one', async () => {
    const large = (scope: string) => spend(scope, 2000, { shards: 16 });
    const put = 'INSERT INTO spend_windows (scope, window_start, shard, n) VALUES ($1, $2, $3, $4)';
    await client.query(put, ['z', instant(0), 3, 999]);
    await client.query(put, ['a', instant(0), 3, 5]);
    expect(await take(client, { spends: [large('z'), large('a')], shard: 21 }, 0)).toEqual(named('budget', 'z 50%'));
    expect(await counters()).toEqual({ 'spend z 0 3': 999, 'spend a 0 3': 5, 'spend z 0 5': 1, 'spend a 0 5': 1 });
    expect(await take(client, { spends: [large('z')], shard: 5 }, 0)).toBeNull();
    expect(await counters()).toMatchObject({ 'spend z 0 5': 2 });
    // Statements in flight may take it over its cap: that is held by the look alone.
    await client.query(put, ['full', instant(0), 5, 2000]);
    const seen = await look(client, {}, 0);
    await take(client, { spends: [large('full')], shard: 5 }, 0, { ...seen, spent: '{1999}' });
    expect(await counters()).toMatchObject({ 'spend full 0 5': 2001 });
  });
});
