// Promises of look_at_counters (migration 100, ADR 87): what is refused, by whom, and for how long. It takes nothing.
import type { Client } from 'pg';
import { openDatabase, type OpenDatabase } from '../../test/support/database';
import { budget, hit, instant, look, sent, spend, take, tried, type Ask } from '../../test/support/counters';

const DAY = 86_400;
let made: OpenDatabase;
let client: Client;
beforeEach(async () => {
  made = await openDatabase();
  client = made.client;
});
afterEach(() => made.close());

const seen = async (ask: Ask, second: number) => {
  const { free, refusal, wait } = await look(client, ask, second);
  return { free, refusal, wait };
};
const FREE = { free: true, refusal: null, wait: null };
const refused = (refusal: string, wait: number) => ({ free: false, refusal, wait });

describe('hits of a window', () => {
  it('each window has its count, a hit leaves it after its seconds, and the longest wait is told', async () => {
    const wanted = [hit('a', 3, 3600, { counts: [1, 3], seconds: [30, 3600] })];
    expect(await tried(client, { wanted }, 0)).toBe('taken');
    expect(await tried(client, { wanted }, 10)).toBe('limit, wait 20');
    expect(await tried(client, { wanted }, 30)).toBe('taken');
    expect(await tried(client, { wanted }, 60)).toBe('taken');
    expect(await tried(client, { wanted }, 70)).toBe('limit, wait 3530');
    expect(await tried(client, { wanted }, 3600)).toBe('taken');
  });

  it('of several counters the longest wait is told, whichever is asked for first', async () => {
    const wanted = [hit('a', 1, 100), hit('b', 1, 40)];
    await take(client, { wanted }, 0);
    expect(await seen({ wanted }, 10)).toEqual(refused('limit', 90));
    expect(await seen({ wanted: wanted.toReversed() }, 10)).toEqual(refused('limit', 90));
    expect(await seen({ wanted: [hit('c', 1, 100)] }, 10)).toEqual(FREE);
  });
});

describe('what is given back', () => {
  const wanted = [hit('a', 2, 2 * DAY, { refundable: true })];
  beforeEach(async () => {
    for (const second of [0, 60]) await take(client, { wanted }, second);
  });

  it.each([
    ['sends whose code was entered, the first and the repeated', [0, 60], {}, FREE],
    ['one of them', [60], {}, FREE],
    ['none whose code was not entered', [0, 60], { consumed: false }, refused('limit', 2 * DAY - 120)],
    ['none of another number', [0, 60], { phone: '+14152000002' }, refused('limit', 2 * DAY - 120)],
    ['none whose challenge another factor has verified', [0, 60], { by: 'totp' }, refused('limit', 2 * DAY - 120)],
  ])('%s', async (_, seconds, message, then) => {
    await sent(client, seconds, message);
    expect(await seen({ wanted }, 120)).toEqual(then);
    if (then === FREE) expect(await tried(client, { wanted }, 120)).toBe('taken');
  });

  it('for a day after the challenge began, not later', async () => {
    await sent(client, [0, 60]);
    expect(await seen({ wanted }, DAY - 1)).toEqual(FREE);
    expect(await seen({ wanted }, DAY)).toEqual(refused('limit', DAY));
  });

  it('to no counter that counts every send', async () => {
    await sent(client, [0, 60]);
    const both = [...wanted, hit('b', 1, 3600)];
    await take(client, { wanted: [hit('b', 1, 3600)] }, 60);
    expect(await seen({ wanted: both }, 120)).toEqual(refused('limit', 3540));
  });
});

describe('budgets of strangers', () => {
  it('one’s own is a limit, a shared one a budget, and a limit comes first', async () => {
    const [own, shared] = [budget('address:x', 1, { own: true }), budget('prefix:1', 1)];
    await take(client, { budgets: [own, shared] }, 0);
    expect(await seen({ budgets: [own] }, 600)).toEqual(refused('limit', 3000));
    expect(await seen({ budgets: [shared] }, 600)).toEqual(refused('budget', 3000));
    expect(await seen({ budgets: [shared, own] }, 600)).toEqual(refused('limit', 3000));
    const wanted = [hit('a', 1, 7200)];
    await take(client, { wanted }, 0);
    expect(await seen({ wanted, budgets: [shared] }, 600)).toEqual(refused('limit', 6600));
    expect(await seen({ budgets: [budget('prefix:2', 1)] }, 600)).toEqual(FREE);
  });

  it('an address where codes are entered is served while a country is closed, and nowhere else that is closed', async () => {
    const address = budget('address:x', 9, { own: true, share: 1 });
    for (const second of [0, 5, 10, 15, 20, 25]) {
      const challenge = await sent(client, [second]);
      await take(client, { budgets: [address], challenge }, second);
    }
    const country = budget('country:US', 1, { closes: true, waivable: true });
    const prefix = budget('prefix:1', 1, { closes: true });
    const shut = { budgets: [country, prefix], challenge: await sent(client, [30], { consumed: false }) };
    await take(client, shut, 30);
    expect(await seen({ budgets: [country] }, 60)).toEqual(refused('budget', 3570));
    expect(await tried(client, { budgets: [address, country], challenge: shut.challenge }, 60)).toBe('taken');
    expect(await seen({ budgets: [address, country, prefix] }, 90)).toEqual(refused('budget', 3540));
    expect(await seen({ budgets: [budget('address:y', 9), country] }, 90)).toEqual(refused('budget', 3570));
  });

  it.each([
    ['less than half of the country is open elsewhere', 3, 'address:y', FREE],
    ['half of the country is open elsewhere', 4, 'address:y', refused('budget', 3510)],
    ['half is, for an address where codes are entered', 4, 'address:x', FREE],
  ])('a prefix with two open takes a third: %s', async (_, elsewhere, from, then) => {
    const address = (key: string) => budget(key, 99, { own: true });
    const country = budget('country:US', 8, { waivable: true });
    for (const second of [0, 1, 2, 3]) {
      const challenge = await sent(client, [second]);
      await take(client, { budgets: [address('address:x')], challenge }, second);
    }
    const open = async (prefix: string, second: number) =>
      take(
        client,
        { budgets: [country, budget(prefix, 99)], challenge: await sent(client, [second], { consumed: false }) },
        second,
      );
    for (let n = 0; n < elsewhere; n += 1) await open(`prefix:${n}`, 10 + n);
    await open('prefix:9', 30);
    expect(await seen({ budgets: [country, budget('prefix:9', 99), address(from)] }, 35)).toEqual(FREE);
    await open('prefix:9', 40);
    expect(await seen({ budgets: [country, budget('prefix:9', 99), address(from)] }, 120)).toEqual(then);
  });
});

describe('windows of spend', () => {
  const put = (scope: string, shard: number, n: number, second = 0) =>
    client.query('INSERT INTO spend_windows (scope, window_start, shard, n) VALUES ($1, $2, $3, $4)', [
      scope,
      instant(second),
      shard,
      n,
    ]);

  it('take as much as the cap and wait for the end of the window', async () => {
    const spends = [spend('a', 5, { amount: 2 })];
    for (const second of [0, 600]) expect(await tried(client, { spends }, second)).toBe('taken');
    expect(await tried(client, { spends }, 700)).toBe('budget, wait 2900');
    expect(await tried(client, { spends: [spend('a', 5)] }, 800)).toBe('taken');
    expect(await seen({ spends: [spend('b', 5)] }, 800)).toEqual(FREE);
    expect(await tried(client, { spends }, 3600)).toBe('taken');
  });

  it('of several the longest wait is told, and a limit comes first', async () => {
    const spends = [spend('day', 1, { seconds: DAY }), spend('hour', 1)];
    await take(client, { spends, wanted: [hit('a', 1, 60)] }, 0);
    expect(await seen({ spends }, 10)).toEqual(refused('budget', DAY - 10));
    expect(await seen({ spends: spends.toReversed() }, 10)).toEqual(refused('budget', DAY - 10));
    expect(await seen({ spends, wanted: [hit('a', 1, 60)] }, 10)).toEqual(refused('limit', DAY - 10));
    expect(await seen({ spends: [spend('a', 9)], wanted: [hit('a', 1, 60)] }, 10)).toEqual(refused('limit', 50));
  });

  it('of shards their sum counts, of this window alone, in the order asked for', async () => {
    await put('b', 0, 400);
    await put('b', 7, 500);
    await put('b', 7, 5000, -3600);
    await put('a', 3, 30);
    const large = (scope: string, cap: number) => spend(scope, cap, { shards: 16 });
    expect(await look(client, { spends: [large('b', 901), large('a', 1000)] }, 60)).toMatchObject({
      free: true,
      spent: '{900,30}',
    });
    expect(await seen({ spends: [large('b', 900)] }, 60)).toEqual(refused('budget', 3540));
  });
});
