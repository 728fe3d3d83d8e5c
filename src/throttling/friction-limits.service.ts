// Counts hits of a key under a named limit, in each of the limit's windows, and refuses when one window is full.
// Shorter windows are counted first, and a hit that one refuses is not counted in the longer ones. So refused hits do not fill the long window.
import { Injectable } from '@nestjs/common';
import type { LimitWindow } from '../config/limit';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import { ThrottleStorage } from './throttle-storage';
import { type LimitName, ThrottlingConfig } from './throttling.config';

@Injectable()
export class FrictionLimits {
  private readonly windows = new Map<LimitName, LimitWindow[]>();

  constructor(
    private readonly config: ThrottlingConfig,
    private readonly storage: ThrottleStorage,
  ) {}

  /** Connects to the shared counters, before the first request. Never fails: when their server is away, the connection is tried again later. */
  begin(): Promise<void> {
    return this.storage.begin();
  }

  isOff(name: LimitName): boolean {
    return this.config[name].off;
  }

  /** @throws AppError rate_limited with retryAfterSeconds when a window is full; the window that refuses a hit does not count it */
  async hit(name: LimitName, key: string): Promise<void> {
    for (const { count, seconds } of this.ascending(name)) {
      const { isBlocked, timeToBlockExpire } = await this.storage.increment(
        storageKey(name, seconds, key),
        seconds * 1000,
        count,
      );
      if (isBlocked) throw refused(name, timeToBlockExpire);
    }
  }

  /** Counts nothing. @throws AppError rate_limited when the limit is spent. */
  async check(name: LimitName, key: string): Promise<void> {
    let retryAfter = 0;
    for (const { count, seconds } of this.ascending(name)) {
      retryAfter = Math.max(retryAfter, await this.storage.spentFor(storageKey(name, seconds, key), count));
    }
    if (retryAfter > 0) throw refused(name, retryAfter);
  }

  /** Counts in every window and never refuses. For things that have happened already, such as a wrong password. */
  async count(name: LimitName, key: string): Promise<void> {
    for (const { count, seconds } of this.ascending(name)) {
      await this.storage.increment(storageKey(name, seconds, key), seconds * 1000, count);
    }
  }

  /** Takes one hit out of every window, because what was counted was no failure after all. */
  async giveBack(name: LimitName, key: string): Promise<void> {
    for (const { seconds } of this.ascending(name)) await this.storage.giveBack(storageKey(name, seconds, key));
  }

  private ascending(name: LimitName): LimitWindow[] {
    const known = this.windows.get(name);
    if (known !== undefined) return known;
    const sorted = [...this.config[name].windows].sort((a, b) => a.seconds - b.seconds);
    this.windows.set(name, sorted);
    return sorted;
  }
}

// Neither route nor handler is part of the key: all routes under one limit share its counters (case A87).
function storageKey(name: LimitName, seconds: number, key: string): string {
  return `${name}:${seconds}:${key}`;
}

function refused(name: LimitName, retryAfterSeconds: number): AppError {
  return new AppError(platformErrors.rate_limited, { reason: `${name} is spent`, retryAfterSeconds });
}
