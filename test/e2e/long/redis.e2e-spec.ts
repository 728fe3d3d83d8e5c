// Limits per address with REDIS_URL: one count over all instances; with the server away they hold per instance, and no request fails
// (F18: never open; ADR 77). Skipped, by name, where neither valkey-server nor redis-server is installed.
import { scraped, sumOf } from '../../support/exposition';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';
import { describeWithRedis, RedisServer } from '../../support/redis-server';

const LIMIT = 6;
const PASSED = 400; // the limit comes before the body is looked at

describeWithRedis('limits per address over two instances', () => {
  let redis: RedisServer;
  let system: System;
  beforeAll(async () => {
    redis = await RedisServer.start();
    const env = { REDIS_URL: redis.url, LIMIT_UNAUTHENTICATED: `${LIMIT}/1m` };
    system = await startSystem({ instances: 2, env });
  });
  afterAll(async () => {
    await system.stop();
    await redis.kill();
  });

  const ask = async (instance: number): Promise<number> => {
    const api = String(system.ready(instance)['api']);
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${api}/v1/auth/login`, { method: 'POST', headers, body: '{}' })).status;
  };
  const inTurn = async (count: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let n = 0; n < count; n += 1) seen.push(await ask(n % 2));
    return seen;
  };
  const passes = (count: number): number[] => Array.from({ length: count }, () => PASSED);
  const figure = async (instance: number, name: string): Promise<number> =>
    sumOf(await scraped(system, instance), name);

  it('counts an address once, whichever instance it asks, in a window of the clock', async () => {
    expect(await inTurn(LIMIT + 2)).toEqual([...passes(LIMIT), 429, 429]);
    system.clock.advance(61);
    expect(await inTurn(LIMIT + 2)).toEqual([...passes(LIMIT), 429, 429]);
    expect(await figure(0, 'latchkey_redis_up')).toBe(1);
    expect(await figure(0, 'latchkey_limits_counted_here_total')).toBe(0);
  });

  it('tells the server no address, and nothing but counts', async () => {
    const dump = await redis.dump();
    expect(dump).toContain('latchkey:friction:');
    expect(dump).not.toMatch(/127\.0\.0\.1|LIMIT_/);
  });

  it('F18: with the server gone nobody who was refused gets in, nobody is turned away for it, and each instance limits by itself', async () => {
    await inTurn(LIMIT + 2);
    await redis.kill();
    expect(await inTurn(4)).toEqual([429, 429, 429, 429]);
    system.clock.advance(61);
    expect(await inTurn(2 * LIMIT + 2)).toEqual([...passes(2 * LIMIT), 429, 429]);
    expect(await figure(0, 'latchkey_redis_up')).toBe(0);
    expect(await figure(0, 'latchkey_limits_counted_here_total')).toBeGreaterThan(0);
    expect(system.logs()).toContain('Redis is away');
  });

  it('counts together again once the server is back', async () => {
    await redis.restart();
    await untilTogether();
  });

  it('a server that hangs holds up no request', async () => {
    system.clock.advance(61);
    redis.signal('SIGSTOP');
    const begun = performance.now();
    expect(await inTurn(2 * LIMIT + 2)).toEqual([...passes(2 * LIMIT), 429, 429]);
    const took = performance.now() - begun;
    redis.signal('SIGCONT');
    expect(took).toBeLessThan(10_000);
    await untilTogether();
  });

  /** As soon as the instances have found it; the rounds before that count per instance. */
  async function untilTogether(): Promise<void> {
    const isTogether = async (): Promise<boolean> => {
      system.clock.advance(61);
      const seen = await inTurn(LIMIT + 2);
      return seen.indexOf(429) === LIMIT && seen.lastIndexOf(PASSED) === LIMIT - 1;
    };
    await until(isTogether, 'a count of both instances together', 30_000, 100);
  }
});
