// Finds out that this process has stood still (stopped, or its machine swapped out) for so long that others may have what it had in hand:
// they take jobs that nobody has kept for ten seconds (ADR 4, 89). Invariant: whoever asks right before an act is told before it acts.
// By the clock that no operator sets. Of a machine that was suspended as a whole it knows nothing.
import { setMaxListeners } from 'node:events';
import { Injectable, OnApplicationShutdown } from '@nestjs/common';

const LOOK_EVERY_MILLISECONDS = 500;
/** Answers that came while it stood still are read after it: what they tell of may be others' too. */
const WAKING_MILLISECONDS = 5000;
/** What a job was last kept before the process stopped may be two seconds old by then. */
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
