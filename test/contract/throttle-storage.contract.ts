// What every storage of counters must do; run for the one in process, and with a real server for the one in Redis or Valkey.
import { Clock } from '../../src/platform/clock/clock';
import type { ThrottleStorage } from '../../src/throttling/throttle-storage';

export interface StorageUnderTest {
  readonly storage: ThrottleStorage;
  /** Moves the storage's time. */
  advance(seconds: number): void | Promise<void>;
}

/** A clock that a test moves. */
export class MovedClock extends Clock {
  at = Date.parse('2026-01-01T00:00:00Z');

  override now(): Date {
    return new Date(this.at);
  }

  advance(seconds: number): void {
    this.at += seconds * 1000;
  }
}

const MINUTE = 60_000;

export function describeThrottleStorage(name: string, make: () => StorageUnderTest | Promise<StorageUnderTest>): void {
  describe(`${name} keeps the contract of counters`, () => {
    let tested: StorageUnderTest;
    beforeEach(async () => {
      tested = await make();
      await tested.storage.begin();
    });
    afterEach(() => tested.storage.end());

    const hit = (key = 'k', limit = 3) => tested.storage.increment(key, MINUTE, limit);
    const hits = async (count: number) => {
      for (let n = 0; n < count; n += 1) await hit();
    };

    it('passes exactly the limit, then refuses and says for how long', async () => {
      for (let n = 1; n <= 3; n += 1) expect(await hit()).toMatchObject({ totalHits: n, isBlocked: false });
      await tested.advance(20);
      expect(await hit()).toEqual({ totalHits: 4, timeToExpire: 40, isBlocked: true, timeToBlockExpire: 40 });
    });

    it('passes again after the told time, and not a second before', async () => {
      await hits(3);
      const { timeToBlockExpire } = await hit();
      await tested.advance(timeToBlockExpire - 1);
      expect((await hit()).isBlocked).toBe(true);
      await tested.advance(1);
      expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false });
    });

    it('is not prolonged by refused hits', async () => {
      await hits(30);
      await tested.advance(59);
      expect(await hit()).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
    });

    it('counts every one of hits that arrive together', async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => hit('k', 10)));
      expect(answers.filter(({ isBlocked }) => !isBlocked)).toHaveLength(10);
    });

    it('a hit that is given back makes room for one more, and never for two', async () => {
      await tested.storage.giveBack('k');
      await hits(3);
      await tested.storage.giveBack('k');
      expect((await hit()).isBlocked).toBe(false);
      expect((await hit()).isBlocked).toBe(true);
    });

    it('keeps keys apart', async () => {
      await hits(4);
      expect((await hit('other')).isBlocked).toBe(false);
    });

    it('tells whether a key is spent without counting', async () => {
      await hits(2);
      for (let n = 0; n < 5; n += 1) expect(await tested.storage.spentFor('k', 3)).toBe(0);
      await hit();
      expect(await tested.storage.spentFor('k', 3)).toBe(60);
      await tested.advance(60);
      expect(await tested.storage.spentFor('k', 3)).toBe(0);
      expect(await tested.storage.spentFor('never seen', 3)).toBe(0);
    });
  });
}
