// Counters of one process. Windows follow Clock. Memory is bounded: when it is full, the least recently used key is forgotten.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import { latestUsed } from '../platform/memory/latest-used';
import { secondsToWait } from './seconds-to-wait';
import { type Hits, ThrottleStorage } from './throttle-storage';

interface Window {
  hits: number;
  readonly endsAt: number;
}

/** About 20 MB when full. Against an attacker with that many addresses, counting per address is of no use anyway. */
const KEYS_KEPT = 100_000;

@Injectable()
export class InProcessStorage extends ThrottleStorage {
  private readonly windows = latestUsed<Window>(KEYS_KEPT);

  constructor(private readonly clock: Clock) {
    super();
  }

  override increment(key: string, ttl: number, limit: number): Promise<Hits> {
    const now = this.clock.now().getTime();
    const window = this.open(key, now) ?? this.start(key, now + ttl);
    const isBlocked = window.hits >= limit;
    if (!isBlocked) window.hits += 1;
    const seconds = secondsToWait(window.endsAt, now);
    const totalHits = window.hits + (isBlocked ? 1 : 0);
    return Promise.resolve({
      totalHits,
      timeToExpire: seconds,
      isBlocked,
      timeToBlockExpire: isBlocked ? seconds : 0,
    });
  }

  override giveBack(key: string): Promise<void> {
    const window = this.open(key, this.clock.now().getTime());
    if (window !== undefined && window.hits > 0) window.hits -= 1;
    return Promise.resolve();
  }

  override spentFor(key: string, limit: number): Promise<number> {
    const now = this.clock.now().getTime();
    const window = this.open(key, now);
    return Promise.resolve(window !== undefined && window.hits >= limit ? secondsToWait(window.endsAt, now) : 0);
  }

  /** Continues with the count that another storage has reached for this key. */
  adopt(key: string, { totalHits, isBlocked, timeToExpire }: Hits): void {
    const endsAt = this.clock.now().getTime() + timeToExpire * 1000;
    this.windows.set(key, { hits: totalHits - (isBlocked ? 1 : 0), endsAt });
  }

  private open(key: string, now: number): Window | undefined {
    const window = this.windows.get(key);
    return window !== undefined && window.endsAt > now ? window : undefined;
  }

  private start(key: string, endsAt: number): Window {
    const window = { hits: 0, endsAt };
    this.windows.set(key, window);
    return window;
  }
}
