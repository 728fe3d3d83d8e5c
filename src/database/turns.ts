// Connections for requests, lent in turns: eight at a time while the database is quick, for whom twenty at once only mean more caches to
// keep warm (ADR 96), and more by and by, up to all, while it is slow. Invariant: whoever asks has one or is refused within 2 s.
import type { Pool, PoolClient } from 'pg';
import { CONNECT_MILLISECONDS, REQUEST_CONNECTIONS } from './pools';

/** What runs statements and gives connections back, in pg's own form: `release` closes a connection that it is given a reason for. */
export type Borrower = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (reason?: boolean) => void,
) => void;

export interface Connections {
  connect(borrower: Borrower): void;
}

const AT_ONCE = 8;
/** A loan that has lasted for so long makes the database a slow one: eight at a time would be less than 250 loans a second. */
const SLOW_MILLISECONDS = 32;
/** So does a queue in which somebody has waited for so long: more is asked than eight can carry. */
const LONG_MILLISECONDS = 500;
/** So many more each time that it is found slow: a moment in which the machine stood still shall not open all of them. */
const MORE = 2;
/** As the pool itself says it (database.errors.ts). */
const NONE_CAME_FREE = 'timeout exceeded when trying to connect';

interface Loan {
  readonly since: number;
}

interface Waiting extends Loan {
  readonly borrower: Borrower;
}

export class ConnectionsInTurns implements Connections {
  /** The oldest first. */
  private readonly loans = new Set<Loan>();
  private readonly waiting: Waiting[] = [];
  /** Who have waited for their turn, and wait for the pool: in all for no longer than whoever had a turn at once. The oldest first. */
  private readonly promised = new Set<Waiting>();
  private ticks: NodeJS.Timeout | undefined;
  private isLettingIn = false;

  constructor(private readonly pool: Pool) {}

  /** How many wait for their turn. */
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
      // It reads the certificates that its address names whenever it opens a connection. Whoever has set this off is somebody else.
      lent(error as Error, undefined, () => undefined);
    }
  }

  /** While it is slow whoever comes next takes the place; else as many go on as are quick. */
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
    if (this.isLettingIn) return; // whose loan has ended at once
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
