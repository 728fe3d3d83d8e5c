// When a load balancer may send traffic here. Pure: everything it judges is handed to it. The reasons go to the log only,
// the caller learns no more than 200 or 503.

export interface Observation {
  readonly draining: boolean;
  /** Absent when the database did not answer within 1 s; read-only, as a standby is, nobody could sign in here. */
  readonly database?:
    | { readonly migrationsMissing: number; readonly schemaTooNew: boolean; readonly skewMilliseconds: number }
    | 'read-only';
  /** Whether a token could be signed now; who proves a phone elsewhere gets one. */
  readonly canSign: boolean;
  /** 99th percentile of the event loop's delay over the last seconds. */
  readonly loopLagMilliseconds: number;
}

const MAX_SKEW_MILLISECONDS = 2000;
const MAX_LOOP_LAG_MILLISECONDS = 500;

/** @returns why this instance is not ready; none when it is. */
export function notReadyBecause({ draining, database, canSign, loopLagMilliseconds }: Observation): string[] {
  const reasons: string[] = [];
  if (draining) reasons.push('draining');
  if (loopLagMilliseconds > MAX_LOOP_LAG_MILLISECONDS) reasons.push('event loop late');
  if (database === undefined) return [...reasons, 'database silent'];
  if (database === 'read-only') return [...reasons, 'database read-only'];
  // While behind, the table of the keys may be among what is missing.
  if (!canSign && database.migrationsMissing === 0) reasons.push('signing key closed (SECRET_KEYS)');
  if (database.migrationsMissing > 0) reasons.push('migrations behind (npm run migrate)');
  if (database.schemaTooNew) reasons.push('schema too new');
  if (Math.abs(database.skewMilliseconds) > MAX_SKEW_MILLISECONDS) reasons.push('clock skew');
  return reasons;
}
