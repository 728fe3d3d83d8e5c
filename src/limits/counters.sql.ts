// All counters of a message together: the hits of number and account, the budgets of unverified messages, the windows of spend.
// They are looked at by snapshot, then taken in one order (hits, budgets, spend; each by key), all or none: a statement that loses the race
// for one of them raises LK429, which undoes the rest. Two functions of the database do this (ADR 87); migrations 100 and 101 make them.
import type { WantedSpend } from './spend.sql';
import type { WantedUnverified } from './unverified.types';

/** What is bound beside :wanted; the texts are JSON. */
export interface SpendParameters {
  readonly budgets: string;
  readonly spends: string;
  /** A random whole number below 32 768, which spreads the writes of large windows over their rows. */
  readonly shard: number;
}

/** limit: a counter of the client or the number itself is full. budget: a shared one is, and the answer is `sms_budget_exhausted`. */
export type Refusal = 'limit' | 'budget';

/** For a message that draws on no budget. The number's own limits, in :wanted, count all the same. */
export const nothingSpent: SpendParameters = { budgets: '[]', spends: '[]', shard: 0 };

export function spendParameters(
  budgets: readonly WantedUnverified[],
  spends: readonly WantedSpend[],
  shard: number,
): SpendParameters {
  return { budgets: JSON.stringify(budgets), spends: JSON.stringify(spends), shard };
}

const counters = ':wanted::jsonb, :budgets::jsonb, :spends::jsonb';

/** CTE `look(free, refusal, retry_after_seconds)`. It binds SpendParameters, :wanted (JSON of WantedHit[]), :now, :challengeId and :phone. */
export const lookAtCounters = `look AS MATERIALIZED (
    SELECT * FROM look_at_counters(${counters}, :now::timestamptz, :challengeId::uuid, :phone)
  )`;

/**
 * CTE `took(alarms)`, JSON of {kind, scope} or null. It has one row when every counter was taken, and none when nothing was to be taken. It
 * must follow lookAtCounters; and the main query or a part that writes must read it, or PostgreSQL skips it.
 * @param gate SQL; only where it is true counters are taken
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
