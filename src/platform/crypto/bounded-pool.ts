// Admission for work that keeps a core busy for a third of a second. So many run at once, so many wait, and none waits for long; everybody else is
// answered at once with 503 and Retry-After, but for the few whose code has been used up for the work. So a login flood cannot starve codes and
// refreshes (design D11, performance.md 1). It is code of our own because cockatiel's bulkhead looks at its signal only when a place is free, which
// sets no bound to the wait.
import { AppError } from '../errors/app-error';
import { platformErrors } from '../errors/platform.errors';

export interface PoolBounds {
  /** How many run at once. More than the number of cores does not get more done. */
  readonly concurrency: number;
  /** How many may wait. The next caller is refused, unless the work is owed. */
  readonly queue: number;
  readonly maxWaitMilliseconds: number;
}

export interface PoolStats {
  readonly running: number;
  readonly waiting: number;
  /** Counted since the start of the process. */
  readonly refused: number;
}

/** How long work that is owed may wait. What it belongs to, such as a reset after its code, must be done within 30 s. */
const OWED_MAX_WAIT_MILLISECONDS = 20_000;

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

  /** @throws AppError overloaded when too many are waiting or the wait was too long; then `work` has not begun */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(work, this.bounds.queue, this.bounds.maxWaitMilliseconds);
  }

  /**
   * Runs work that is owed to the caller: for it something has been used up that cannot be given back, such as a code. It stands in the same line,
   * however long that is, and waits longer. So only those may come here who have shown something that strangers do not have.
   * @throws AppError overloaded after 20 s
   */
  runOwed<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(work, Infinity, OWED_MAX_WAIT_MILLISECONDS);
  }

  /**
   * Runs what must come before the work and is wasted if there is no place for the work then. A caller counts as waiting while `before` runs, so
   * of a crowd only as many begin as will get a place.
   * @throws AppError overloaded when the pool is full; then `before` has not begun
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

  private async inTurn<T>(work: () => Promise<T>, queue: number, maxWaitMilliseconds: number): Promise<T> {
    if (this.running < this.bounds.concurrency) this.running += 1;
    else await this.place(queue, maxWaitMilliseconds);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private place(queue: number, maxWaitMilliseconds: number): Promise<void> {
    if (this.waiting.length >= queue) return Promise.reject(this.refusal('queue full'));
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
      // After a slow turn of the event loop, both the timer and a free place may be due. setImmediate lets the place come first.
      const timer = setTimeout(() => setImmediate(turnAway), maxWaitMilliseconds);
      this.waiting.push(waiter);
    });
  }

  // A place goes directly to the next caller in line: `running` falls only when nobody waits, so a newcomer cannot overtake.
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
