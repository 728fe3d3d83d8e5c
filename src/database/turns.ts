// Connections for requests, lent in turns: eight at a time while the database is quick, for whom twenty at once only mean more caches to
// keep warm (ADR 96), and all that the pool has as soon as it is slow. Invariant: whoever waits is let through or refused within 2 s.
import type { Pool, PoolClient } from 'pg';
import { CONNECT_MILLISECONDS } from './pools';

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
  private ticks: NodeJS.Timeout | undefined;

  constructor(private readonly pool: Pool) {}

  /** How many wait for their turn. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  connect(borrower: Borrower): void {
    const since = performance.now();
    if (this.waiting.length === 0 && this.isOpen(since)) return this.lend(borrower, since);
    this.waiting.push({ borrower, since });
    this.ticks ??= setInterval(() => this.tick(), SLOW_MILLISECONDS).unref();
  }

  private lend(borrower: Borrower, since: number): void {
    const loan = { since };
    this.loans.add(loan);
    this.pool.connect((error, client, release) => {
      if (client === undefined) {
        this.end(loan);
        return borrower(error, undefined, release);
      }
      borrower(undefined, client, (reason) => {
        release(reason);
        this.end(loan);
      });
    });
  }

  private end(loan: Loan): void {
    this.loans.delete(loan);
    if (this.waiting.length > 0) this.letIn(performance.now());
  }

  private isOpen(now: number): boolean {
    if (this.loans.size < AT_ONCE) return true;
    const [oldest] = this.loans;
    return oldest !== undefined && now - oldest.since >= SLOW_MILLISECONDS;
  }

  private letIn(now: number): void {
    while (this.waiting.length > 0 && this.isOpen(now)) {
      const next = this.waiting.shift();
      if (next !== undefined) this.lend(next.borrower, now);
    }
  }

  private tick(): void {
    const now = performance.now();
    while (this.waiting[0] !== undefined && now - this.waiting[0].since >= CONNECT_MILLISECONDS) {
      this.waiting.shift()?.borrower(new Error(NONE_CAME_FREE), undefined, () => undefined);
    }
    this.letIn(now);
    if (this.waiting.length > 0) return;
    clearInterval(this.ticks);
    this.ticks = undefined;
  }
}
