// The counters of limits per address and session: the storage of @nestjs/throttler, with two more methods: look without counting, and give back.
// Contract (test/contract/throttle-storage.contract.ts): a window opens with its first hit and ends `ttl` later. Of the hits inside it
// `limit` pass; the others are refused until it ends, and do not prolong it. Keys are independent. No hit is lost.
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
  /** Called before the first hit. A storage in the process itself has nothing to do here. */
  async begin(): Promise<void> {}

  /** Called after the last hit. */
  end(): void {}

  onApplicationShutdown(): void {
    this.end();
  }

  /** Counts one hit. @param ttl length of the window in milliseconds @param limit hits that pass in it */
  abstract increment(key: string, ttl: number, limit: number): Promise<Hits>;

  /** Takes one hit out of the open window, if there is one. */
  abstract giveBack(key: string): Promise<void>;

  /** @returns seconds until the window ends if it has `limit` hits, else 0. Counts nothing */
  abstract spentFor(key: string, limit: number): Promise<number>;
}
