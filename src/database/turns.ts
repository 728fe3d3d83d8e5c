// Lends connections to requests, in turns. While the database is quick, only eight are lent at a time: more would only keep more of its caches
// busy (ADR 96). While it is slow, more and more are lent, up to all. Invariant: each caller gets a connection or is refused within 2 s.
import type { Pool, PoolClient } from 'pg';
import { CONNECT_MILLISECONDS, REQUEST_CONNECTIONS } from './pools';

/** The callback of pg's own pool. A connection that is released with a reason is closed. */
export type Borrower = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (reason?: boolean) => void,
) => void;

export interface Connections {
  connect(borrower: Borrower): void;
}

const AT_ONCE = 8;
/** A loan that has lasted so long means that the database is slow: eight connections would give less than 250 loans a second. */
const SLOW_MILLISECONDS = 32;
/** So does a caller who has waited so long: more is asked for than eight connections can do. */
const LONG_MILLISECONDS = 500;
/** How many more are lent each time that the database is found slow. Few, so that a standstill of the machine does not open all of them. */
const MORE = 2;
/** The same message as the pool's (database.errors.ts). */
const NONE_CAME_FREE = 'timeout exceeded when trying to connect';

interface Loan {
  readonly since: number;
}

interface Waiting extends Loan {
  readonly borrower: Borrower;
}

export class ConnectionsInTurns implements Connections {
  /** Oldest first. */
  private readonly loans = new Set<Loan>();
  private readonly waiting: Waiting[] = [];
  /** Callers who have had their turn after waiting, and now wait for the pool. Both waits together last 2 s at most. Oldest first. */
  private readonly promised = new Set<Waiting>();
  private ticks: NodeJS.Timeout | undefined;
  private isLettingIn = false;

  constructor(private readonly pool: Pool) {}

  /** How many callers wait for their turn. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  connect(borrower: Borrower): void {
    const since = performance.now();
    const waiting = { borrower, since };
    if (this.loans.size < AT_ONCE && this.waiting.length === 0) return this.lend(waiting, since);
    this.waiting.push(waiting);
    this.ticks ??= setInterval(() => this.tick(), SLOW_MILLISECONDS).unref();
  }

  private lend(to: Waiting, since: number): void {
    const { borrower } = to;
    const loan = { since };
    this.loans.add(loan);
    const hasWaited = to.since < since;
    if (hasWaited) this.promised.add(to);
    const lent: Borrower = (error, client, release) => {
      if (hasWaited && !this.promised.delete(to)) {
        if (client !== undefined) release();
        return this.end(loan);
      }
      if (client === undefined) {
        this.end(loan);
        return borrower(error, undefined, release);
      }
      borrower(undefined, client, (reason) => {
        release(reason);
        this.end(loan);
      });
    };
    try {
      this.pool.connect(lent);
    } catch (error) {
      // The pool reads the certificates named in its address whenever it opens a connection, and throws when it cannot. The caller on this stack
      // may be another one than the one that is served, so the error is passed on instead of thrown.
      lent(error as Error, undefined, () => undefined);
    }
  }

  /** While the database is slow, the next caller takes the place. While it is quick, callers are let in only up to eight. */
  private end(loan: Loan): void {
    const before = this.loans.size;
    this.loans.delete(loan);
    if (this.waiting.length === 0) return;
    const now = performance.now();
    this.letIn(this.isSlow(now) ? Math.max(before, AT_ONCE) : AT_ONCE, now);
  }

  private isSlow(now: number): boolean {
    const [[loan], [first]] = [this.loans, this.waiting];
    const isLong = first !== undefined && now - first.since >= LONG_MILLISECONDS;
    return isLong || (loan !== undefined && now - loan.since >= SLOW_MILLISECONDS);
  }

  private letIn(most: number, now: number): void {
    if (this.isLettingIn) return; // called from within `lend` below, by a loan that has ended at once
    this.isLettingIn = true;
    while (this.loans.size < Math.min(most, REQUEST_CONNECTIONS)) {
      const next = this.waiting.shift();
      if (next === undefined) break;
      this.lend(next, now);
    }
    this.isLettingIn = false;
  }

  private tick(): void {
    const now = performance.now();
    for (const late of this.promised) {
      if (now - late.since < CONNECT_MILLISECONDS) break;
      this.promised.delete(late);
      refuse(late);
    }
    while (this.waiting[0] !== undefined && now - this.waiting[0].since >= CONNECT_MILLISECONDS) {
      refuse(this.waiting.shift());
    }
    this.letIn(this.isSlow(now) ? this.loans.size + MORE : AT_ONCE, now);
    if (this.waiting.length > 0 || this.promised.size > 0) return;
    clearInterval(this.ticks);
    this.ticks = undefined;
  }
}

function refuse(waiting: Waiting | undefined): void {
  waiting?.borrower(new Error(NONE_CAME_FREE), undefined, () => undefined);
}
