// One vendor's circuit breaker: pure state, time is handed in. Opens at 5 faults within 30 s among the last 20 calls, so that the
// odd fault of a busy vendor does not; lets one call through 15 s later, and closes when that one succeeds (security.md 5.8).
// Own code because it runs on Clock, is asked without calling anything, and opens at the first sign of a key that is refused.

const FAULTS = 5;
const LAST_CALLS = 20;
const WINDOW_MILLISECONDS = 30_000;
const OPEN_MILLISECONDS = 15_000;

export type BreakerState = 'closed' | 'open' | 'half-open' | 'probing';
export type Verdict = 'works' | 'down' | 'closed_to_us';

/** Permission for one call; to be settled whatever becomes of it, or left. */
export interface Passage {
  readonly probe: boolean;
}

export class Breaker {
  /** The last calls while closed, newest first. */
  private calls: readonly { readonly at: number; readonly fault: boolean }[] = [];
  private openedAt: number | undefined;
  private probing = false;

  state(now: Date): BreakerState {
    if (this.openedAt === undefined) return 'closed';
    if (this.probing) return 'probing';
    return this.remaining(now, this.openedAt) > 0 ? 'open' : 'half-open';
  }

  /** Milliseconds until a call may be tried; 0 unless open. */
  openFor(now: Date): number {
    return this.openedAt === undefined ? 0 : this.remaining(now, this.openedAt);
  }

  /** @returns undefined while no call may be made */
  enter(now: Date): Passage | undefined {
    const state = this.state(now);
    if (state === 'open' || state === 'probing') return undefined;
    this.probing = state === 'half-open';
    return { probe: this.probing };
  }

  /** @returns whether this call has opened a closed breaker: once per opening, however many probes fail after it */
  settle({ probe }: Passage, verdict: Verdict, now: Date): boolean {
    if (probe) {
      this.probing = false;
      this.openedAt = verdict === 'works' ? undefined : now.getTime();
      this.calls = [];
      return false;
    }
    if (this.openedAt !== undefined) return false; // a call from before the opening says nothing new
    this.calls = [{ at: now.getTime(), fault: verdict !== 'works' }, ...this.calls].slice(0, LAST_CALLS);
    if (verdict !== 'closed_to_us' && this.recentFaults(now) < FAULTS) return false;
    this.openedAt = now.getTime();
    return true;
  }

  /** The call was not made after all. */
  leave({ probe }: Passage): void {
    if (probe) this.probing = false;
  }

  private recentFaults(now: Date): number {
    return this.calls.filter(({ at, fault }) => fault && now.getTime() - at < WINDOW_MILLISECONDS).length;
  }

  // A clock that was set back must not keep a vendor away for hours.
  private remaining(now: Date, openedAt: number): number {
    const elapsed = now.getTime() - openedAt;
    return elapsed < 0 ? 0 : Math.max(0, OPEN_MILLISECONDS - elapsed);
  }
}

/** @param openFor milliseconds of each vendor of a route. @returns seconds until the first lets a call through; undefined while one does, and where there is none */
export function closedForSeconds(openFor: readonly number[]): number | undefined {
  const shortest = Math.min(...openFor);
  return openFor.length > 0 && shortest > 0 ? Math.ceil(shortest / 1000) : undefined;
}
