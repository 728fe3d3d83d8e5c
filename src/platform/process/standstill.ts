// Finds out that this process has stood still (stopped, or its machine swapped out) for so long that others may have taken its jobs: they
// take those that nobody has kept for ten seconds (ADR 4, 89). Invariant: code that asks right before it acts is told before it acts. It
// goes by the monotonic clock, which no operator sets. It does not notice when the whole machine was suspended.
import { setMaxListeners } from 'node:events';
import { Injectable, OnApplicationShutdown } from '@nestjs/common';

const LOOK_EVERY_MILLISECONDS = 500;
/** For so long after a standstill, answers that arrived during it are still being read: what they are about may be others' by now. */
const WAKING_MILLISECONDS = 5000;
/** Less than the ten seconds: when the process stopped, its jobs may have been kept last two seconds before. */
const STANDSTILL_MILLISECONDS = 7000;

/** Why work was aborted that others may have begun meanwhile. */
export class StoodStill extends Error {
  constructor() {
    super('the process stood still, and others may have this');
  }
}

@Injectable()
export class Standstill implements OnApplicationShutdown {
  private readonly held = new Set<AbortController>();
  private readonly timer = setInterval(() => this.look(), LOOK_EVERY_MILLISECONDS).unref();
  private lookedAt = performance.now();
  private wokeAt = -Infinity;

  /** Not before: jobs that end during a stop would find that nobody has looked for so long. */
  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Aborts all that is held when the last look is too long ago. Costs next to nothing. */
  look(): void {
    const before = this.lookedAt;
    this.lookedAt = performance.now();
    if (this.lookedAt - before < STANDSTILL_MILLISECONDS) return;
    this.wokeAt = this.lookedAt;
    for (const holder of this.held) holder.abort(new StoodStill());
  }

  /** Whether it stood still a moment ago. */
  get hasJustEnded(): boolean {
    this.look();
    return this.lookedAt - this.wokeAt < WAKING_MILLISECONDS;
  }

  /**
   * Does the work with a signal that aborts when the given one does, and when the process has stood still since.
   * @throws what the work throws
   */
  async hold<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const holder = new AbortController();
    const abort = (): void => holder.abort(signal.reason);
    setMaxListeners(Infinity, signal); // the queue has one for all of its jobs, and Node would warn of a leak
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    this.held.add(holder);
    try {
      return await work(holder.signal);
    } finally {
      this.held.delete(holder);
      signal.removeEventListener('abort', abort);
    }
  }
}
