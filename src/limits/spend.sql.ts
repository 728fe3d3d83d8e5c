// Messages and money spent per window (security.md 5.4, protocol.md 7). A window below 1000 is one row with its cap in the WHERE, exact; a
// larger one is spread over shards: their sum is looked at, so it may go over by the statements in flight. Refused tries spend nothing.

import { namedStatement } from '../database/sql';

/** One window of one budget that a statement spends from. Bound as JSON. */
export interface WantedSpend {
  /** What, and over how long: `register/3600`. */
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

/** Spends and refuses nothing: the caps it is given are for others (ADR 55). */
export const charge = namedStatement<ChargeParameters>(
  'spend_charge',
  `SELECT take_counters('[]', '[]', :spends::jsonb, NULL, NULL, :shard::int, :now::timestamptz, NULL)`,
);
