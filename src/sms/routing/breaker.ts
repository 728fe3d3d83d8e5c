// The circuit breaker of one provider. It is pure state: the time is a parameter. It opens at 5 faults within 30 s among the last 20 calls,
// so that rare faults of a busy vendor do not open it. After 15 s it lets one call through, and closes when that one succeeds (security.md
// 5.8). It is code of our own because it runs on Clock, can be asked without making a call, and opens at once when a key is refused.

const FAULTS = 5;
const LAST_CALLS = 20;
const WINDOW_MILLISECONDS = 30_000;
const OPEN_MILLISECONDS = 15_000;

export type BreakerState = 'closed' | 'open' | 'half-open' | 'probing';
export type Verdict = 'works' | 'down' | 'refuses_us';

/** Permission for one call. It must be ended by `settle`, or by `leave` when the call was not made. */
export interface Passage {
  readonly probe: boolean;
}

export class Breaker {
  /** The last calls while the breaker was closed, newest first. */
  private calls: readonly { readonly at: number; readonly fault: boolean }[] = [];
  private openedAt: number | undefined;
  private probing = false;

  state(now: Date): BreakerState {
    if (this.openedAt === undefined) return 'closed';
    if (this.probing) return 'probing';
    return this.remaining(now, this.openedAt) > 0 ? 'open' : 'half-open';
  }

  /** Milliseconds until a call may be tried; 0 unless the breaker is open. */
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

  /** @returns whether this call has opened a closed breaker: true once per opening, however many probes fail afterwards */
  settle({ probe }: Passage, verdict: Verdict, now: Date): boolean {
    if (probe) {
      this.probing = false;
      this.openedAt = verdict === 'works' ? undefined : now.getTime();
      this.calls = [];
      return false;
    }
    if (this.openedAt !== undefined) return false; // the call began before the breaker opened, and adds nothing
    this.calls = [{ at: now.getTime(), fault: verdict !== 'works' }, ...this.calls].slice(0, LAST_CALLS);
    if (verdict !== 'refuses_us' && this.recentFaults(now) < FAULTS) return false;
    this.openedAt = now.getTime();
    return true;
  }

  /** To be called when the call was not made. */
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

/**
 * @param openFor milliseconds, one for each vendor of a route
 * @returns seconds until the first lets a call through; undefined when one does now, or there are no vendors
 */
export function openForSeconds(openFor: readonly number[]): number | undefined {
  const shortest = Math.min(...openFor);
  return openFor.length > 0 && shortest > 0 ? Math.ceil(shortest / 1000) : undefined;
}
