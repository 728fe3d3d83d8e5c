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

const take = (state: string, budget: string) =>
  `take_unverified(${state}, :now::timestamptz, :challengeId::uuid, ${budget}.phone, ${budget}.counts, ${budget}.seconds, ${budget}.share, ${budget}.most, ${budget}.closes, ${budget}.trickles)`;

const ofRow = (column: string) =>
  `(SELECT ${column} FROM allowance g, LATERAL ${take('u', 'g')} t WHERE g.key = u.key)`;

/** An address where people enter their codes, more than it leaves open: it is served while a country is closed to strangers. */
const inGoodStanding = `(SELECT coalesce(bool_or(standing >= 1), false) FROM allowance_seen WHERE key LIKE 'address:%')`;

/**
 * Once half of a country's budget is open in other prefixes, a prefix takes no third message while two are open: numbers in a row give an
 * attack away, people's are far apart. By snapshot alone; the prefix's own count holds in any case.
 */
const crowdedPrefix = `SELECT false, p.quiet_at FROM allowance_seen p JOIN allowance_seen c ON c.waivable
     WHERE p.key LIKE 'prefix:%' AND p.quiet_at > :now::timestamptz AND (c.left_open - p.left_open) * 2 >= c.counts[1]`;

/** CTEs `allowance` and `allowance_seen`: by snapshot. Needs :budgets (JSON of WantedUnverified[]), :challengeId and :now. */
export const lookAtUnverified = `allowance AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(:budgets::jsonb)
        AS x(key text, own boolean, closes boolean, waivable boolean, phone text, counts int[], seconds int[], share float8, most int, trickles boolean)
  ), allowance_seen AS MATERIALIZED (
    SELECT g.key, g.own, g.waivable, g.counts, t.opens_at, t.standing, t.shut_until, t.left_open, t.quiet_at
      FROM allowance g, LATERAL ${take('(SELECT u FROM unverified_sends u WHERE u.key = g.key)', 'g')} t
  ), allowance_shut AS MATERIALIZED (
    SELECT own, opens_at FROM allowance_seen WHERE opens_at IS NOT NULL AND NOT (waivable AND ${inGoodStanding})
    UNION ALL ${crowdedPrefix} AND NOT ${inGoodStanding}
  )`;

/** CTE `drawn(key, closed)`: one row per budget that had room, re-checked on its locked row. @param gate as in takeHits */
export function drawOnUnverified(gate: string): string {
  return `drawn AS (
    INSERT INTO unverified_sends AS u (key, sends, verified, touched_at)
    SELECT g.key, t.sends, t.verified, :now::timestamptz FROM allowance g, LATERAL ${take('NULL::unverified_sends', 'g')} t
     WHERE ${gate} ORDER BY g.key COLLATE "C"
    ON CONFLICT (key) DO UPDATE SET (sends, verified, touched_at) = ${ofRow('t.sends, t.verified, :now::timestamptz')}
      WHERE ${ofRow(`t.opens_at IS NULL OR (g.waivable AND ${inGoodStanding})`)}
    RETURNING u.key, ${ofRow('g.closes AND t.shut_until IS NOT NULL')} AS closed
  )`;
}
