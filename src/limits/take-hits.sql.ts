// Takes a hit of each given limit in a statement of its own, before costly work that has no statement which could take it.
import { namedStatement } from '../database/sql';

export interface TakeHitsParameters {
  /** JSON of WantedHit[]. */
  readonly wanted: string;
  readonly now: Date;
}

export interface TakeHitsRow {
  readonly granted: boolean;
  readonly retryAfterSeconds: number | null;
}

// The counters are first looked at by snapshot, so that a refusal writes nothing. Then they are taken in key order, each on its locked row.
export const takeHits = namedStatement<TakeHitsParameters>(
  'take_hits',
  `WITH want AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(:wanted::jsonb) AS x(key text, counts int[], seconds int[], memory int)
  ), look AS MATERIALIZED (
    SELECT free, retry_after_seconds FROM look_at_counters(:wanted::jsonb, '[]', '[]', :now::timestamptz, NULL, NULL)
  ), took AS (
    INSERT INTO rate_limits AS r (key, hits, touched_at)
    SELECT key, ARRAY[:now::timestamptz], :now::timestamptz FROM want WHERE (SELECT free FROM look) ORDER BY key COLLATE "C"
    ON CONFLICT (key) DO UPDATE SET touched_at = :now::timestamptz,
        hits = (:now::timestamptz || r.hits)[1:(SELECT w.memory FROM want w WHERE w.key = r.key)]
      WHERE (SELECT within_limits(r.hits, :now::timestamptz, w.counts, w.seconds) FROM want w WHERE w.key = r.key)
    RETURNING key
  )
  SELECT EXISTS (SELECT FROM took) AS granted, retry_after_seconds AS "retryAfterSeconds" FROM look`,
);
