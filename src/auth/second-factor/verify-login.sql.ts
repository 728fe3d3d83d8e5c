// Login verification: one statement that locks the account, then the challenge, counts or consumes, makes the session and the
// audit row (design D4, protocol.md 3). Invariants: no gate looks at the match; at most attemptsMax codes are evaluated;
// a right code is accepted once. Guarded by test/races. `confirm` is its second half for vendors that check the code (protocol.md 5).
import type { LimitWindow } from '../../config/limit';
import { namedStatement } from '../../database/sql';
import { event, recordAudit } from '../../audit/audit.sql';
import { windowsOpen } from '../../limits/limits.sql';
import { cookieAllowed, hitColumns, live, matches } from '../../otp/otp.sql';
import { accountColumns, CONSECUTIVE_MAX } from '../../users/users.sql';
import { clientLives } from '../clients/clients.sql';
import { insertSession, livingSessions } from '../sessions/sessions.sql';
import type { ConfirmParameters, VerifyParameters } from './verify.types';

const session = {
  userId: 'hit.user_id',
  epoch: 'hit.auth_epoch',
  clientId: 'hit.client_id',
  deviceName: 'hit.device_name',
  tokenDelivery: 'hit.token_delivery',
};

/** Read from the snapshot, so the new session is not among them; none are counted unless one was made. */
const otherSessions = `CASE WHEN EXISTS (SELECT FROM made) THEN ${livingSessions('hit.user_id')} ELSE 0 END AS "otherSessions"`;

/** @param windows LIMIT_FACTOR_ACCOUNT: failures per account, over all its challenges (N OBV-7) */
export function verifyLogin(windows: readonly LimitWindow[]) {
  return namedStatement<VerifyParameters>(
    'verify_login',
    `WITH k AS MATERIALIZED (
    SELECT id, subject_id, verifier, token_delivery FROM otp_attempts WHERE token_digest = :tokenDigest AND purpose = :purpose AND key_id = :keyId
  ), acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch FROM users u JOIN k ON u.id = k.subject_id
     WHERE u.status = 'active' AND ${windowsOpen('u.second_factor_fails', windows, ':now')}
       AND u.second_factor_consecutive < ${CONSECUTIVE_MAX} FOR NO KEY UPDATE OF u
  ), hit AS (
    UPDATE otp_attempts c SET failed = c.failed + CASE WHEN ${matches('c')} THEN 0 ELSE 1 END,
           consumed_at = CASE WHEN ${matches('c')} THEN :now::timestamptz END FROM acct
     WHERE c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId
       AND c.subject_id = acct.id AND c.auth_epoch = acct.auth_epoch AND ${live('c')} AND ${clientLives('c.client_id')}
       AND (:wellFormed::boolean OR c.verifier IS NOT NULL) AND ${cookieAllowed('c')}
    RETURNING ${hitColumns}, c.subject_id AS user_id, c.auth_epoch, ${matches('c')} AS matched
  ), account AS (
    UPDATE users u
       SET second_factor_fails = CASE WHEN hit.matched THEN u.second_factor_fails
             ELSE (:now::timestamptz || u.second_factor_fails)[1:${memory(windows)}] END,
           second_factor_consecutive = CASE WHEN hit.matched THEN 0 ELSE u.second_factor_consecutive + 1 END,
           last_authenticated_at = CASE WHEN hit.matched THEN :now::timestamptz ELSE u.last_authenticated_at END
      FROM hit WHERE u.id = hit.user_id RETURNING ${accountColumns('u')}
  ), made AS (
    ${insertSession(session, 'FROM hit WHERE hit.matched')}
  ), noted AS (
    ${recordAudit({
      event: `CASE WHEN hit.matched THEN ${event('otp_success')} WHEN hit.verifier IS NULL THEN ${event('otp_fail')} ELSE ${event('otp_spent')} END`,
      userId: 'hit.user_id',
      sessionId: '(SELECT id FROM made)',
      ref: 'hit.id',
      from: 'FROM hit',
    })}
  )
  SELECT CASE WHEN hit.id IS NULL AND NOT ${cookieAllowed('k')} THEN 'foreign'
              WHEN hit.id IS NULL AND acct.id IS NULL THEN 'locked'
              WHEN hit.id IS NULL AND NOT :wellFormed::boolean AND k.verifier IS NULL THEN 'malformed'
              WHEN hit.id IS NULL THEN 'dead' WHEN hit.matched THEN 'ok'
              WHEN hit.verifier IS NOT NULL THEN 'spent' ELSE 'wrong' END AS outcome,
         hit.id AS "challengeId", hit.attempts_left AS "attemptsLeft", hit.verifier AS provider, hit.vendor_ref AS "providerVerificationId",
         hit.decoy, hit.channel, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", ${otherSessions}, account.*
    FROM k LEFT JOIN acct ON true LEFT JOIN hit ON true LEFT JOIN account ON true`,
  );
}

/** Only after the vendor's explicit yes for that verification id, within 15 s of the spent attempt. No row: not accepted. */
export const confirmLogin = namedStatement<ConfirmParameters>(
  'confirm_login',
  `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch FROM users u JOIN otp_attempts k ON k.subject_id = u.id
     WHERE k.id = :challengeId AND u.status = 'active' FOR NO KEY UPDATE OF u
  ), hit AS (
    UPDATE otp_attempts c SET consumed_at = :now::timestamptz, failed = c.failed - 1 FROM acct
     WHERE c.id = :challengeId AND c.subject_id = acct.id AND c.auth_epoch = acct.auth_epoch AND c.vendor_ref = :providerVerificationId
       AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > :spentAt::timestamptz
       AND :now::timestamptz < :spentAt::timestamptz + interval '15 seconds' AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.subject_id AS user_id, c.auth_epoch
  ), account AS (
    UPDATE users u SET second_factor_fails = array_remove(u.second_factor_fails, :spentAt::timestamptz), second_factor_consecutive = 0,
           last_authenticated_at = :now::timestamptz FROM hit WHERE u.id = hit.user_id RETURNING ${accountColumns('u')}
  ), made AS (
    ${insertSession(session, 'FROM hit')}
  ), noted AS (
    ${recordAudit({ event: event('otp_success'), userId: 'hit.user_id', sessionId: '(SELECT id FROM made)', ref: 'hit.id', from: 'FROM hit' })}
  )
  SELECT hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", ${otherSessions}, account.* FROM hit JOIN account ON true`,
);

function memory(windows: readonly LimitWindow[]): number {
  return Math.max(1, ...windows.map(({ count }) => count));
}
