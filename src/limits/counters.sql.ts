// All counters of a message together: the number's and account's hits, the budgets of unverified messages, the windows of spend.
// They are looked at by snapshot, then taken in one order (hits, budgets, spend; each by key), all or nothing: a statement that loses the
// race for one of them raises LK429, which undoes the rest. Done by two functions of the database (ADR 87), made by migrations 100 and 101.
import type { WantedSpend } from './spend.sql';
import type { WantedUnverified } from './unverified.types';

/** JSON parameters beside :wanted. */
export interface SpendParameters {
  readonly budgets: string;
  readonly spends: string;
  /** Any whole number below 32 768: spreads the writes of large windows. */
  readonly shard: number;
}

/** limit: the client's or number's own counters; budget: what is shared, for which there is `sms_budget_exhausted`. */
export type Refusal = 'limit' | 'budget';

/** Nothing is charged but what the number itself is limited by. */
export const nothingSpent: SpendParameters = { budgets: '[]', spends: '[]', shard: 0 };

export function spendParameters(
  budgets: readonly WantedUnverified[],
  spends: readonly WantedSpend[],
  shard: number,
): SpendParameters {
  return { budgets: JSON.stringify(budgets), spends: JSON.stringify(spends), shard };
}

const counters = ':wanted::jsonb, :budgets::jsonb, :spends::jsonb';

/** CTE `look(free, refusal, retry_after_seconds)`. Needs SpendParameters, :wanted (JSON of WantedHit[]), :now, :challengeId and :phone. */
export const lookAtCounters = `look AS MATERIALIZED (
    SELECT * FROM look_at_counters(${counters}, :now::timestamptz, :challengeId::uuid, :phone)
  )`;

/**
 * CTE `took(alarms)`, JSON of {kind, scope} or null: one row when every counter was taken, none when nothing was to be. Comes after
 * lookAtCounters. The main query, or a part that writes, must read it, or PostgreSQL skips it.
 * @param gate SQL that must be true for anything to be taken
 */
export function takeCounters(gate: string): string {
  return `took AS MATERIALIZED (
    SELECT take_counters(${counters}, look.refunded, look.spent, :shard::int, :now::timestamptz, :challengeId::uuid) AS alarms
      FROM look WHERE look.free AND (${gate})
  )`;
}

/** True when every counter was taken. */
export const allTaken = 'EXISTS (SELECT FROM took)';

/** Columns that every statement with counters returns. */
export const outcomeColumns = `look.free, look.refusal, look.retry_after_seconds AS "retryAfterSeconds", (SELECT alarms FROM took) AS alarms`;
