// Decides when a load balancer may send traffic here. Pure. The reasons are for the log; the caller of the route gets 200 or 503 only.
import { MIGRATE_AS_OWNER } from '../../platform/process/explain';

export interface Observation {
  readonly draining: boolean;
  /**
   * Absent: the database failed, or did not answer within 1 s. read-only: it is a standby, so nobody could sign in. no-rights: our role lacks a
   * right that a migration has to grant.
   */
  readonly database?:
    | { readonly migrationsMissing: number; readonly schemaTooNew: boolean; readonly skewMilliseconds: number }
    | 'read-only'
    | 'no-rights';
  /** Whether this instance can sign an access token now. If not, another instance may be able to. */
  readonly canSign: boolean;
  /** 99th percentile of the event loop's delay over the last seconds. */
  readonly loopLagMilliseconds: number;
}

const UNUSABLE = {
  silent: 'database silent',
  'read-only': 'database read-only',
  'no-rights': `no rights in the database (${MIGRATE_AS_OWNER})`,
};

export const MAX_SKEW_MILLISECONDS = 2000;
const MAX_LOOP_LAG_MILLISECONDS = 500;

/** @returns why this instance is not ready; empty when it is ready */
export function notReadyBecause({ draining, database, canSign, loopLagMilliseconds }: Observation): string[] {
  const reasons: string[] = [];
  if (draining) reasons.push('draining');
  if (loopLagMilliseconds > MAX_LOOP_LAG_MILLISECONDS) reasons.push('event loop late');
  if (typeof database !== 'object') return [...reasons, UNUSABLE[database ?? 'silent']];
  // While migrations are missing, the signing key is no reason of its own, because its table may be among what is missing.
  if (!canSign && database.migrationsMissing === 0) reasons.push('signing key closed (SECRET_KEYS)');
  if (database.migrationsMissing > 0) reasons.push('migrations behind (npm run migrate)');
  if (database.schemaTooNew) reasons.push('schema too new');
  if (Math.abs(database.skewMilliseconds) > MAX_SKEW_MILLISECONDS) reasons.push('clock skew');
  return reasons;
}
