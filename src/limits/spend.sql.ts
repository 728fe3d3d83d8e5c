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

/** CTE `spend_seen`: by snapshot. Needs :spends (JSON of WantedSpend[]) and :now. */
export const lookAtSpend = `spend_seen AS MATERIALIZED (
    SELECT s.*, (SELECT coalesce(sum(b.n), 0) FROM spend_windows b WHERE b.scope = s.scope AND b.window_start = s.window_start) AS n
      FROM (SELECT x.*, to_timestamp(floor(extract(epoch FROM :now::timestamptz) / seconds) * seconds) AS window_start
              FROM jsonb_to_recordset(:spends::jsonb) AS x(scope text, cap bigint, amount bigint, seconds int, shards int)) s
  )`;

/** CTEs `spent`, and `alarmed(scope, percent)`: thresholds this send has reached, each told once a window. Needs :shard. */
export function spend(gate: string): string {
  const of = (column: string) => `(SELECT s.${column} FROM spend_seen s WHERE s.scope = b.scope)`;
  return `spent AS (
    INSERT INTO spend_windows AS b (scope, window_start, shard, n)
    SELECT scope, window_start, :shard::int % shards, amount FROM spend_seen WHERE ${gate} ORDER BY scope COLLATE "C"
    ON CONFLICT (scope, window_start, shard) DO UPDATE SET n = b.n + ${of('amount')}
      WHERE ${of('shards')} > 1 OR b.n + ${of('amount')} <= ${of('cap')}
    RETURNING scope, n
  ), alarmed AS (
    INSERT INTO spend_alarms (scope, window_start, percent)
    SELECT s.scope, s.window_start, p.percent FROM spent JOIN spend_seen s USING (scope), (VALUES (50), (80), (100)) p(percent)
     WHERE CASE WHEN s.shards = 1 THEN spent.n ELSE s.n + s.amount END * 100 >= s.cap * p.percent
       AND NOT EXISTS (SELECT 1 FROM spend_alarms a WHERE a.scope = s.scope AND a.window_start = s.window_start AND a.percent = p.percent)
     ORDER BY s.scope COLLATE "C", p.percent ON CONFLICT DO NOTHING RETURNING scope, percent
  )`;
}

export interface ChargeParameters {
  readonly now: Date;
  readonly spends: string;
  readonly shard: number;
}

/** Spends and refuses nothing: the caps it is given are for others (ADR 55). */
export const charge = namedStatement<ChargeParameters>(
  'spend_charge',
  `WITH ${lookAtSpend}, ${spend('true')} SELECT count(*)::int AS taken FROM spent`,
);
