// When a load balancer may send traffic here. Pure: everything it judges is handed to it. The reasons go to the log only,
// the caller learns no more than 200 or 503.

import { MIGRATE_AS_OWNER } from '../../platform/process/explain';

export interface Observation {
  readonly draining: boolean;
  /** Absent when the database did not answer within 1 s; read-only, as a standby is, nobody could sign in here; no-rights until a migration has granted them. */
  readonly database?:
    | { readonly migrationsMissing: number; readonly schemaTooNew: boolean; readonly skewMilliseconds: number }
    | 'read-only'
    | 'no-rights';
  /** Whether a token could be signed now; who proves a phone elsewhere gets one. */
  readonly canSign: boolean;
  /** 99th percentile of the event loop's delay over the last seconds. */
  readonly loopLagMilliseconds: number;
}

const UNUSABLE = {
  silent: 'database silent',
  'read-only': 'database read-only',
  'no-rights': `no rights in the database (${MIGRATE_AS_OWNER})`,
};

const MAX_SKEW_MILLISECONDS = 2000;
const MAX_LOOP_LAG_MILLISECONDS = 500;

/** @returns why this instance is not ready; none when it is. */
export function notReadyBecause({ draining, database, canSign, loopLagMilliseconds }: Observation): string[] {
  const reasons: string[] = [];
  if (draining) reasons.push('draining');
  if (loopLagMilliseconds > MAX_LOOP_LAG_MILLISECONDS) reasons.push('event loop late');
  if (typeof database !== 'object') return [...reasons, UNUSABLE[database ?? 'silent']];
  // While behind, the table of the keys may be among what is missing.
  if (!canSign && database.migrationsMissing === 0) reasons.push('signing key closed (SECRET_KEYS)');
  if (database.migrationsMissing > 0) reasons.push('migrations behind (npm run migrate)');
  if (database.schemaTooNew) reasons.push('schema too new');
  if (Math.abs(database.skewMilliseconds) > MAX_SKEW_MILLISECONDS) reasons.push('clock skew');
  return reasons;
}
