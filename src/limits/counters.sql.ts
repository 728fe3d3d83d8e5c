// All counters of a message together: the number's and account's hits, the budgets of unverified messages, the windows of spend.
// They are looked at by snapshot, then taken in one order (hits, budgets, spend; each by key), all or nothing: a statement that loses the
// race for one of them raises LK429, which undoes the rest. The parts are in the three files beside this one.
import { lookAtHits, takeHits } from './limits.sql';
import { lookAtSpend, spend, type WantedSpend } from './spend.sql';
import { drawOnUnverified, lookAtUnverified, type WantedUnverified } from './unverified.sql';

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

const spendShut = 'n + amount > cap';

/** CTEs up to `look(free, refusal, retry_after_seconds)`. Needs what lookAtHits, lookAtUnverified and lookAtSpend need. */
export const lookAtCounters = `${lookAtHits}, ${lookAtUnverified}, ${lookAtSpend}, look AS MATERIALIZED (
    SELECT refusal IS NULL AS free, refusal, retry_after_seconds FROM (
      SELECT CASE WHEN NOT (SELECT free FROM hits_seen) OR EXISTS (SELECT 1 FROM allowance_shut WHERE own) THEN 'limit'
                  WHEN EXISTS (SELECT 1 FROM allowance_shut) OR EXISTS (SELECT 1 FROM spend_seen WHERE ${spendShut}) THEN 'budget' END AS refusal,
             greatest((SELECT retry_after_seconds FROM hits_seen),
                      (SELECT max(extract(epoch FROM opens_at - :now::timestamptz)) FROM allowance_shut),
                      (SELECT max(extract(epoch FROM window_start - :now::timestamptz) + seconds) FROM spend_seen WHERE ${spendShut})) AS retry_after_seconds
    ) judged
  )`;

const tookAllHits = '(SELECT count(*) FROM took) = (SELECT count(*) FROM want)';
const drewOnAll = '(SELECT count(*) FROM drawn) = (SELECT count(*) FROM allowance)';

/** True when every counter was taken. */
export const allTaken = `(${tookAllHits} AND ${drewOnAll} AND (SELECT count(*) FROM spent) = (SELECT count(*) FROM spend_seen))`;

/**
 * CTEs `took`, `drawn`, `spent` and `alarm(kind, scope)`. Comes after lookAtCounters.
 * @param gate SQL that must be true for anything to be taken
 */
export function takeCounters(gate: string): string {
  return `${takeHits(gate)}, ${drawOnUnverified(`(SELECT free FROM look) AND (${gate}) AND ${tookAllHits}`)},
  ${spend(`(SELECT free FROM look) AND (${gate}) AND ${tookAllHits} AND ${drewOnAll}`)}, alarm AS MATERIALIZED (
    SELECT 'budget' AS kind, scope || ' ' || percent || '%' AS scope FROM alarmed
    UNION ALL SELECT 'closed', d.key FROM drawn d JOIN allowance_seen s USING (key) WHERE d.closed AND s.shut_until IS NULL
  )`;
}

/**
 * Columns that every statement with counters returns; alarms as JSON of {kind, scope}.
 * @param begun SQL: something was taken or changed @param done SQL: the message was queued
 */
export function outcomeColumns(begun: string, done: string): string {
  return `look.free, look.refusal, look.retry_after_seconds::float8 AS "retryAfterSeconds", (SELECT json_agg(a) FROM alarm a) AS alarms,
    CASE WHEN (${begun}) AND NOT (${done}) THEN refuse_send(CASE WHEN ${tookAllHits} THEN 'budget' ELSE 'limit' END) END AS lost`;
}
