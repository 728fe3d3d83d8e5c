// Exact sliding windows in PostgreSQL, as fragments that a spanning statement embeds (design D13, protocol.md 7).
// A window is one array of instants, newest first, cut to the largest count: allowed when element N is absent or older
// than the window. Invariants: a refusal seen by snapshot writes nothing; rows are locked in key order; the locked row is re-checked.
import type { Limit, LimitWindow } from '../config/limit';

/** What a statement wants to take: one entry per counter. Bound as JSON. */
export interface WantedHit {
  readonly key: string;
  readonly counts: readonly number[];
  readonly seconds: readonly number[];
  readonly memory: number;
  /** Whether sends whose code was entered are given back before counting. */
  readonly refundable: boolean;
}

export function wantedHit(key: string, limit: Pick<Limit, 'windows' | 'memory'>, refundable: boolean): WantedHit {
  const { windows, memory } = limit;
  return { key, counts: windows.map((w) => w.count), seconds: windows.map((w) => w.seconds), memory, refundable };
}

/** The cooldown of a number: one window of one hit. */
export function cooldownHit(key: string, seconds: number): WantedHit {
  return { key, counts: [1], seconds: [seconds], memory: 1, refundable: true };
}

const withoutRefunds = (hits: string, refundable: string) =>
  `CASE WHEN ${refundable} THEN without_hits(${hits}, (SELECT at FROM refunds)) ELSE ${hits} END`;

/**
 * CTEs `want`, `seen` and `hits_seen(free, retry_after_seconds)`: the counters by snapshot, nothing locked, nothing written.
 * Needs parameters :wanted (JSON of WantedHit[]) and :now, and a CTE `refunds(at timestamptz[])` before it.
 */
export const lookAtHits = `want AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(:wanted::jsonb) AS x(key text, counts int[], seconds int[], memory int, refundable boolean)
  ), seen AS MATERIALIZED (
    SELECT w.counts, w.seconds,
           ${withoutRefunds(`coalesce((SELECT r.hits FROM rate_limits r WHERE r.key = w.key), '{}')`, 'w.refundable')} AS hits
      FROM want w
  ), hits_seen AS MATERIALIZED (
    SELECT coalesce(bool_and(within_limits(hits, :now::timestamptz, counts, seconds)), true) AS free,
           (SELECT max(extract(epoch FROM s.hits[t.c] + make_interval(secs => t.s) - :now::timestamptz))
              FROM seen s, unnest(s.counts, s.seconds) AS t(c, s)) AS retry_after_seconds
      FROM seen
  )`;

/**
 * CTE `took`: one row per counter that was taken, each re-checked on its locked row; in key order, so that two statements
 * never wait for each other. Comes after a CTE `look(free)`.
 * @param gate SQL that must be true for anything to be taken
 */
export function takeHits(gate: string): string {
  const wanted = (column: string) => `(SELECT w.${column} FROM want w WHERE w.key = r.key)`;
  const hits = withoutRefunds('r.hits', wanted('refundable'));
  return `took AS (
    INSERT INTO rate_limits AS r (key, hits, touched_at)
    SELECT key, ARRAY[:now::timestamptz], :now::timestamptz FROM want WHERE (SELECT free FROM look) AND (${gate}) ORDER BY key COLLATE "C"
    ON CONFLICT (key) DO UPDATE SET hits = (:now::timestamptz || ${hits})[1:${wanted('memory')}], touched_at = :now::timestamptz
      WHERE within_limits(${hits}, :now::timestamptz, ${wanted('counts')}, ${wanted('seconds')})
    RETURNING key
  )`;
}

/** Condition on an array column of failures: open while each window still has room. Constant text, as configuration is read once. */
export function windowsOpen(column: string, windows: readonly LimitWindow[], now: string): string {
  const conditions = windows.map(
    ({ count, seconds }) =>
      `(${column}[${count}] IS NULL OR ${column}[${count}] <= ${now}::timestamptz - interval '${seconds} seconds')`,
  );
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

/** The moment from which `windowsOpen` holds again, of columns where it does not; null when it holds. */
export function windowsOpenAt(column: string, windows: readonly LimitWindow[], now: string): string {
  const moments = windows.map(({ count, seconds }) => {
    const ends = `${column}[${count}] + interval '${seconds} seconds'`;
    return `CASE WHEN ${ends} > ${now}::timestamptz THEN ${ends} END`;
  });
  return `greatest(NULL::timestamptz, ${moments.join(', ') || 'NULL::timestamptz'})`;
}

/** The array after one more: what no window looks at any more goes, so that whoever is slow has one element. */
export function oneMore(column: string, windows: readonly LimitWindow[], now: string): string {
  const longest = Math.max(...windows.map(({ seconds }) => seconds));
  const memory = Math.max(...windows.map(({ count }) => count));
  if (windows.length === 0) return column;
  return `CASE WHEN ${column}[1] > ${now}::timestamptz - interval '${longest} seconds'
             THEN (${now}::timestamptz || ${column})[1:${memory}] ELSE ARRAY[${now}::timestamptz] END`;
}
