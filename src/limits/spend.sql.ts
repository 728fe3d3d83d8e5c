// Messages and money spent per window (security.md 5.4, protocol.md 7). A window below 1000 is one row, with its cap in the WHERE: exact. A
// larger one is spread over shards whose sum is looked at, so statements that run at the same moment may exceed it. A refusal spends nothing.

import { namedStatement } from '../database/sql';

/** One window of one budget that a statement spends from. Bound as JSON. */
export interface WantedSpend {
  /** Name of the budget and length of the window in seconds: `register/3600`. */
  readonly scope: string;
  readonly cap: number;
  readonly amount: number;
  readonly seconds: number;
  readonly shards: number;
}

export interface ChargeParameters {
  readonly now: Date;
  readonly spends: string;
  readonly shard: number;
}

/** Spends and never refuses. The caps it is given have no effect here; they bind those who ask later (ADR 55). */
export const charge = namedStatement<ChargeParameters>(
  'spend_charge',
  `SELECT take_counters('[]', '[]', :spends::jsonb, NULL, NULL, :shard::int, :now::timestamptz, NULL)`,
);
