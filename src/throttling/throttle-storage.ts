// The counters behind the limits that are friction: @nestjs/throttler's storage, and a look that does not count.
// Contract (test/contract/throttle-storage.contract.ts): a window opens with its first hit and ends `ttl` later; of the hits inside it
// `limit` pass, the rest are refused until it ends and do not prolong it; keys are independent; hits are never lost.
import type { OnApplicationShutdown } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';

export interface Hits {
  readonly totalHits: number;
  /** Seconds until the window ends, at least 1. */
  readonly timeToExpire: number;
  readonly isBlocked: boolean;
  /** Seconds until the next hit passes; 0 when not blocked. */
  readonly timeToBlockExpire: number;
}

export abstract class ThrottleStorage implements ThrottlerStorage, OnApplicationShutdown {
  /** Before the first hit. A storage in the process itself has nothing to begin. */
  async begin(): Promise<void> {}

  /** After the last hit. */
  end(): void {}

  onApplicationShutdown(): void {
    this.end();
  }

  /** Counts one hit. @param ttl length of the window in milliseconds @param limit hits that pass in it */
  abstract increment(key: string, ttl: number, limit: number): Promise<Hits>;

  /** Takes one hit out of the window that is open, if there is one. */
  abstract giveBack(key: string): Promise<void>;

  /** Seconds until the window ends when `limit` hits are in it, else 0. Counts nothing. */
  abstract spentFor(key: string, limit: number): Promise<number>;
}
