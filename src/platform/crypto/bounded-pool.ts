// Admission for work that fills a core for a third of a second: so many at once, so many waiting, none waiting for long.
// Past that the answer is 503 with Retry-After at once, so a login flood cannot starve codes and refreshes (design D11,
// performance.md 1). Own code because cockatiel's bulkhead looks at its signal only when a place is free: no bound on the wait.
import { AppError } from '../errors/app-error';
import { platformErrors } from '../errors/platform.errors';

export interface PoolBounds {
  /** How many run at once; more than the cores gives no throughput. */
  readonly concurrency: number;
  /** How many may wait; the next one is refused. */
  readonly queue: number;
  readonly maxWaitMilliseconds: number;
}

export interface PoolStats {
  readonly running: number;
  readonly waiting: number;
  /** Since start. */
  readonly refused: number;
}

interface Waiter {
  readonly start: () => void;
}

export class BoundedPool {
  private running = 0;
  private admitted = 0;
  private refused = 0;
  private readonly waiting: Waiter[] = [];

  constructor(private readonly bounds: PoolBounds) {}

  stats(): PoolStats {
    return { running: this.running, waiting: this.waiting.length, refused: this.refused };
  }

  /** @throws AppError overloaded when the queue is full or the wait was too long; `work` has not begun then. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.bounds.concurrency) this.running += 1;
    else await this.place();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /**
   * Runs what has to be done before the work, and would be wasted if there were no place for the work then. Whoever is at it counts as
   * waiting already, so of a crowd only as many begin as will find a place.
   * @throws AppError overloaded when the pool is full; `before` has not begun then
   */
  async admit<T>(before: () => Promise<T>): Promise<T> {
    const { concurrency, queue } = this.bounds;
    if (this.running + this.waiting.length + this.admitted >= concurrency + queue) throw this.refusal('queue full');
    this.admitted += 1;
    try {
      return await before();
    } finally {
      this.admitted -= 1;
    }
  }

  private place(): Promise<void> {
    if (this.waiting.length >= this.bounds.queue) return Promise.reject(this.refusal('queue full'));
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const turnAway = (): void => {
        const at = this.waiting.indexOf(waiter);
        if (at < 0) return;
        this.waiting.splice(at, 1);
        reject(this.refusal('waited too long'));
      };
      // After a slow turn of the event loop both are due: that the time is up, and that a place came free. The place comes first.
      const timer = setTimeout(() => setImmediate(turnAway), this.bounds.maxWaitMilliseconds);
      this.waiting.push(waiter);
    });
  }

  // The place goes straight to the next in line: `running` only falls when nobody waits, so a newcomer cannot jump in.
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.running -= 1;
    else next.start();
  }

  private refusal(reason: string): AppError {
    this.refused += 1;
    return new AppError(platformErrors.overloaded, {
      reason: `hashing pool: ${reason}`,
      retryAfterSeconds: Math.max(1, Math.ceil(this.bounds.maxWaitMilliseconds / 1000)),
    });
  }
}
