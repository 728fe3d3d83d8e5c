// Notices that this process has stood still (was stopped, or swapped out) for so long that other instances may have taken its jobs, which they
// do with jobs that nobody has kept for ten seconds (ADR 4, 89). Invariant: code that calls `look` right before it acts learns of it in time.
// It uses the monotonic clock, which no operator can set. It does not notice a suspension of the whole machine.
import { setMaxListeners } from 'node:events';
import { Injectable, OnApplicationShutdown } from '@nestjs/common';

const LOOK_EVERY_MILLISECONDS = 500;
/** After a standstill, answers that came during it are still being read for so long. They may be about jobs that others have by now. */
const WAKING_MILLISECONDS = 5000;
/** Less than ten seconds, because when the process stopped its jobs may have been kept up to two seconds before. */
const STANDSTILL_MILLISECONDS = 7000;

/** The reason with which work is aborted that others may have begun meanwhile. */
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

  /** Ends the watch last of all: earlier, jobs that end during the stop would find that nobody has looked for long. */
  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Aborts all held work if the last look was too long ago. Costs next to nothing. */
  look(): void {
    const before = this.lookedAt;
    this.lookedAt = performance.now();
    if (this.lookedAt - before < STANDSTILL_MILLISECONDS) return;
    this.wokeAt = this.lookedAt;
    for (const holder of this.held) holder.abort(new StoodStill());
  }

  /** Whether a standstill has ended less than five seconds ago. */
  get hasJustEnded(): boolean {
    this.look();
    return this.lookedAt - this.wokeAt < WAKING_MILLISECONDS;
  }

  /**
   * Runs the work with a signal that aborts with the given one, or after a standstill.
   * @throws what the work throws
   */
  async hold<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const holder = new AbortController();
    const abort = (): void => holder.abort(signal.reason);
    setMaxListeners(Infinity, signal); // the queue has one signal for all its jobs, and Node would take so many listeners for a leak
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
