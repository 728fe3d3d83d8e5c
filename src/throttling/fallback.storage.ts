// Counts in the shared server while it answers, and in this process while it does not (ASVS 16.5.3, F18; ADR 77).
// Invariants: every hit is counted somewhere, and whoever the server refused stays refused while it is away. What was counted here meanwhile is
// forgotten when it is back. No request fails because of that server, or waits for it longer than PATIENCE_MILLISECONDS.
import { type CircuitBreakerPolicy, circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import type { Metrics } from '../platform/metrics/metrics';
import { inTime } from '../platform/time/in-time';
import type { InProcessStorage } from './in-process.storage';
import type { RedisStorage } from './redis.storage';
import { type Hits, ThrottleStorage } from './throttle-storage';

/** The server normally answers in much less than a millisecond. One that is slower than this counts as away. */
const PATIENCE_MILLISECONDS = 100;
const FAILURES_IN_A_ROW = 3;
/** After three failures in a row the server is not asked for so long. Then one request at a time tries again. */
const REST_MILLISECONDS = 1000;

export class FallbackStorage extends ThrottleStorage {
  private readonly breaker: CircuitBreakerPolicy = circuitBreaker(handleAll, {
    halfOpenAfter: REST_MILLISECONDS,
    breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
  });
  private readonly countedHere;

  constructor(
    private readonly shared: RedisStorage,
    private readonly own: InProcessStorage,
    metrics: Metrics,
  ) {
    super();
    this.countedHere = metrics.counter({
      name: 'latchkey_limits_counted_here_total',
      help: 'Questions to the limits that this instance answered by itself, because Redis did not',
      labels: [],
    });
    metrics.gauge({ name: 'latchkey_redis_up', help: 'Whether this instance is connected to Redis', labels: [] }, () =>
      shared.isConnected === undefined ? [] : [{ labels: {}, value: shared.isConnected ? 1 : 0 }],
    );
  }

  override begin(): Promise<void> {
    return this.shared.begin();
  }

  override end(): void {
    this.shared.end();
  }

  override async increment(key: string, ttl: number, limit: number): Promise<Hits> {
    const hits = await this.ask(() => this.shared.increment(key, ttl, limit));
    if (hits === undefined) return this.own.increment(key, ttl, limit);
    this.own.adopt(key, hits);
    return hits;
  }

  override async giveBack(key: string): Promise<void> {
    await this.ask(() => this.shared.giveBack(key));
    await this.own.giveBack(key);
  }

  override async spentFor(key: string, limit: number): Promise<number> {
    const seconds = await this.ask(() => this.shared.spentFor(key, limit));
    return seconds ?? this.own.spentFor(key, limit);
  }

  private async ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.breaker.execute(() => inTime(PATIENCE_MILLISECONDS, question()));
    } catch {
      this.countedHere({});
      return undefined;
    }
  }
}
