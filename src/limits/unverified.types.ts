// Budgets of messages whose code was not entered: per address, prefix and country (security.md 5.4). What was entered since is asked
// of the challenges when a budget is looked at, so verifying locks no shared row (ADR 14). Invariants as in limits.sql.ts.

/** One budget a statement wants to draw on. Bound as JSON. */
export interface WantedUnverified {
  readonly key: string;
  /** The client's own doing: its refusal is `rate_limited`; that of a shared budget is `sms_budget_exhausted`. */
  readonly own: boolean;
  /** Full, the first window opens again only when a whole one has passed since the last send. */
  readonly closes: boolean;
  /** Where addresses whose codes are entered still pass when it is closed. */
  readonly waivable: boolean;
  /** Counts numbers instead of sends: this is the one. */
  readonly phone: string | null;
  readonly counts: readonly number[];
  readonly seconds: readonly number[];
  /** More sends for each code that was entered of late, up to `most` in a window; null: without a bound. */
  readonly share: number;
  readonly most: number | null;
  /** Full, it still takes one send now and then, and more where those are entered (ADR 54). */
  readonly trickles: boolean;
}
