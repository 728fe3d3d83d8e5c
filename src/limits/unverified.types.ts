// Budgets of messages whose code was not entered: per address, prefix and country (security.md 5.4). Which codes were entered since is read
// from the challenges when a budget is looked at, so verifying a code locks no shared row (ADR 14). Invariants as in limits.sql.ts.

/** One budget that a statement wants to draw on. Bound as JSON. */
export interface WantedUnverified {
  readonly key: string;
  /** It is one client's own: its refusal is `rate_limited`. That of a shared budget is `sms_budget_exhausted`. */
  readonly own: boolean;
  /** Once full, its first window opens again only after a whole window without a send. */
  readonly closes: boolean;
  /** Addresses whose codes are entered may still send when it is closed. */
  readonly waivable: boolean;
  /** For a budget that counts numbers instead of sends: the number. */
  readonly phone: string | null;
  readonly counts: readonly number[];
  readonly seconds: readonly number[];
  /** How many more sends each recently entered code adds, up to `most` in a window; null: without an upper bound. */
  readonly share: number;
  readonly most: number | null;
  /** Once full, it still takes one send now and then, and more if their codes are entered (ADR 54). */
  readonly trickles: boolean;
}
