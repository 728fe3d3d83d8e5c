// The counters in Redis or Valkey keep the contract of those in process. Skipped, by name, where Debian's server is not installed.
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { KeyedDigest } from '../../../src/platform/crypto/keyed-digest';
import { Keyring } from '../../../src/platform/crypto/keyring';
import { Metrics } from '../../../src/platform/metrics/metrics';
import { FallbackStorage } from '../../../src/throttling/fallback.storage';
import { InProcessStorage } from '../../../src/throttling/in-process.storage';
import { RedisStorage } from '../../../src/throttling/redis.storage';
import { until } from '../../support/patience';
import { describeWithRedis, RedisServer } from '../../support/redis-server';
import { describeThrottleStorage, MovedClock } from '../throttle-storage.contract';

Logger.overrideLogger(false);

describeWithRedis('Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.kill());

  /** Each under a ring of its own: two installations on one server do not meet. */
  const fresh = () => {
    const clock = new MovedClock();
    const digests = new KeyedDigest(new Keyring([{ kid: 'k1', bytes: randomBytes(32) }]));
    return { clock, storage: new RedisStorage(server.url, clock, digests) };
  };

  describeThrottleStorage('the storage in Redis', () => {
    const { clock, storage } = fresh();
    return { storage, advance: (seconds) => clock.advance(seconds) };
  });

  describeThrottleStorage('the storage with something to fall back on', () => {
    const { clock, storage } = fresh();
    const either = new FallbackStorage(storage, new InProcessStorage(clock), new Metrics());
    return { storage: either, advance: (seconds) => clock.advance(seconds) };
  });

  it('counts every one of hits that arrive together at two instances', async () => {
    const clock = new MovedClock();
    const digests = new KeyedDigest(new Keyring([{ kid: 'k1', bytes: randomBytes(32) }]));
    const two = [0, 1].map(() => new RedisStorage(server.url, clock, digests));
    await Promise.all(two.map((storage) => storage.begin()));
    const hits = Array.from({ length: 100 }, () => two.map((storage) => storage.increment('k', 60_000, 10)));
    const answers = await Promise.all(hits.flat());
    two.forEach((storage) => storage.end());
    expect(answers.filter(({ isBlocked }) => !isBlocked)).toHaveLength(10);
  });

  it('a key that nobody asks for again goes by itself', async () => {
    await server.kill();
    await server.restart();
    const { storage } = fresh();
    await storage.begin();
    await storage.increment('short', 30, 5);
    await until(async () => !(await server.dump()).includes('"e"'), 'the end of the key');
    storage.end();
  });
});
