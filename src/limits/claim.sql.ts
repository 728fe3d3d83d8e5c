// Takes one of the hits of a limit by itself, before something costly is done that takes no statement of its own.
import { namedStatement } from '../database/sql';
import { lookAtHits, takeHits } from './limits.sql';

export interface ClaimParameters {
  /** JSON of wantedHit's. */
  readonly wanted: string;
  readonly now: Date;
}

export interface ClaimRow {
  readonly granted: boolean;
  readonly retryAfterSeconds: number | null;
}

export const claimHits = namedStatement<ClaimParameters>(
  'claim_hits',
  `WITH refunds AS MATERIALIZED (SELECT '{}'::timestamptz[] AS at), ${lookAtHits}, look AS (
    SELECT free FROM hits_seen
  ), ${takeHits('true')}
  SELECT EXISTS (SELECT FROM took) AS granted, retry_after_seconds::float8 AS "retryAfterSeconds" FROM hits_seen`,
);
