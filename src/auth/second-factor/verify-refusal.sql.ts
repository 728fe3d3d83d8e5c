// Says why a code was not looked at. The statement that judges codes (verify-account.sql.ts) finds out only what it needs, and has changed
// nothing when it has no row. Only few requests need this second statement, which only reads (ADR 84). Invariant: it never sees whether a
// code is right.
import type { LimitWindow } from '../../config/limit';
import { namedStatement, type NamedStatement } from '../../database/sql';
import { windowsOpen } from '../../limits/limits.sql';
import { cookieAllowed } from '../../otp/challenge-row.sql';
import type { Method } from '../../otp/otp.types';
import { CONSECUTIVE_MAX } from '../../users/users.sql';
import type { Proof } from './method';
import type { VerifyParameters } from './verify.types';

/**
 * SQL condition: the challenge belongs to a move that an operator has begun (ADR 50). Strangers who enter wrong codes at sign-ins do not hold it
 * up, since they have no token of it.
 */
export function ofRebind(row: string): string {
  return `(${row}.purpose = 'phone_change' AND ${row}.session_id IS NULL)`;
}

/**
 * SQL condition: the account u takes answers by this method. @param windows LIMIT_FACTOR_ACCOUNT
 * @param whileLocked SQL condition: also while these windows are full
 */
export function takesAnswers(windows: readonly LimitWindow[], { reopens }: Proof, whileLocked?: string): string {
  const open = windowsOpen('u.second_factor_fails', windows, ':now');
  const notLocked = reopens ? '' : ` AND u.second_factor_consecutive < ${CONSECUTIVE_MAX}`;
  return `u.status = 'active' AND ${whileLocked === undefined ? open : `(${whileLocked} OR ${open})`}${notLocked}`;
}

export function offers(row: string, method: Method): string {
  return `'${method}' = ANY (${row}.methods)`;
}

/** One row with the outcome; no row for an unknown challenge. @param windows LIMIT_FACTOR_ACCOUNT */
export function refusalOfAccount(windows: readonly LimitWindow[], proof: Proof): NamedStatement<VerifyParameters> {
  return namedStatement<VerifyParameters>(
    `verify_refused_${proof.method}`,
    `SELECT CASE WHEN NOT ${cookieAllowed('k')} THEN 'foreign'
            WHEN u.id IS NULL THEN 'locked'
            WHEN NOT ${offers('k', proof.method)} THEN 'not_offered'
            WHEN NOT :wellFormed::boolean AND NOT ${proof.byVendor('k')} THEN 'malformed'
            ELSE 'dead' END AS outcome
       FROM otp_attempts k LEFT JOIN users u ON u.id = k.subject_id AND ${takesAnswers(windows, proof, ofRebind('k'))}
      WHERE k.token_digest = :tokenDigest AND k.purpose = :purpose AND k.key_id = :keyId`,
  );
}
