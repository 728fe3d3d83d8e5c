// Registration verification: one statement that counts or consumes and, with the right code, makes the user and the session
// (design D1, protocol.md 4). The failure budget belongs to the number's text, never to an account, so that known and unknown
// numbers behave alike. An account idle past the limit gives its number up in the same statement. Guarded by test/races.
import type { LimitWindow } from '../../config/limit';
import { namedStatement } from '../../database/sql';
import { event, recordAudit } from '../../audit/audit.sql';
import { windowsOpen } from '../../limits/limits.sql';
import { cookieAllowed, hitColumns, live, matches } from '../../otp/otp.sql';
import { accountColumns, IDLE_DAYS } from '../../users/users.sql';
import { clientLives } from '../clients/clients.sql';
import { insertSession } from '../sessions/sessions.sql';
import type { ConfirmRegistrationParameters, VerifyRegistrationParameters } from './verify.types';

const session = {
  userId: 'born.id',
  epoch: 'born.auth_epoch',
  clientId: 'hit.client_id',
  deviceName: 'hit.device_name',
  tokenDelivery: 'hit.token_delivery',
};

/** CTEs from a consumed challenge `hit(registration_id, matched)` to user and session. ON CONFLICT: the number is taken. */
const userAndSession = `freed AS (
    UPDATE users u SET phone = NULL, auth_epoch = u.auth_epoch + 1 FROM hit JOIN registrations r ON r.id = hit.registration_id
     WHERE hit.matched AND u.phone = r.phone AND u.last_authenticated_at < :now::timestamptz - interval '${IDLE_DAYS} days' RETURNING u.id
  ), born AS (
    INSERT INTO users (id, phone, password_hash, email, display_name, locale, last_authenticated_at, created_at)
    SELECT :userId::uuid, r.phone, r.password_hash, r.email, r.display_name, r.locale, :now::timestamptz, :now::timestamptz
      FROM hit JOIN registrations r ON r.id = hit.registration_id
     WHERE hit.matched AND (SELECT count(*) FROM freed) >= 0
    ON CONFLICT (phone) DO NOTHING RETURNING *
  ), made AS (
    ${insertSession(session, 'FROM born JOIN hit ON true')}
  ), spent AS (
    DELETE FROM registrations r USING hit WHERE r.id = hit.registration_id AND hit.matched
  ), noted AS (
    ${recordAudit({
      event: `CASE WHEN NOT hit.matched AND hit.verifier IS NOT NULL THEN ${event('otp_spent')} WHEN NOT hit.matched THEN ${event('otp_fail')}
                   WHEN born.id IS NULL THEN ${event('register_conflict')} ELSE ${event('user_created')} END`,
      userId: 'born.id',
      sessionId: '(SELECT id FROM made)',
      ref: 'hit.id',
      from: 'FROM hit LEFT JOIN born ON true',
    })}
  )`;

/** @param windows LIMIT_FACTOR_ACCOUNT, which governs anonymous budgets as well */
export function verifyRegistration(windows: readonly LimitWindow[]) {
  return namedStatement<VerifyRegistrationParameters>(
    'verify_registration',
    `WITH k AS MATERIALIZED (
    SELECT id, budget_key, verifier, token_delivery FROM otp_attempts WHERE token_digest = :tokenDigest AND purpose = :purpose AND key_id = :keyId
  ), gate AS MATERIALIZED (
    SELECT b.key FROM failure_budgets b JOIN k ON b.key = k.budget_key WHERE ${windowsOpen('b.fails', windows, ':now')} FOR NO KEY UPDATE OF b
  ), hit AS (
    UPDATE otp_attempts c SET failed = c.failed + CASE WHEN ${matches('c')} THEN 0 ELSE 1 END,
           consumed_at = CASE WHEN ${matches('c')} THEN :now::timestamptz END FROM gate
     WHERE c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId AND c.budget_key = gate.key AND ${live('c')}
       AND (:wellFormed::boolean OR c.verifier IS NOT NULL) AND ${cookieAllowed('c')} AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.subject_id AS registration_id, c.budget_key, ${matches('c')} AS matched
  ), budget AS (
    UPDATE failure_budgets b SET fails = (:now::timestamptz || b.fails)[1:${Math.max(1, ...windows.map(({ count }) => count))}],
           touched_at = :now::timestamptz FROM hit WHERE b.key = hit.budget_key AND NOT hit.matched
  ), ${userAndSession}
  SELECT CASE WHEN hit.id IS NULL AND NOT ${cookieAllowed('k')} THEN 'foreign'
              WHEN hit.id IS NULL AND gate.key IS NULL THEN 'locked'
              WHEN hit.id IS NULL AND NOT :wellFormed::boolean AND k.verifier IS NULL THEN 'malformed'
              WHEN hit.id IS NULL THEN 'dead' WHEN NOT hit.matched AND hit.verifier IS NOT NULL THEN 'spent'
              WHEN NOT hit.matched THEN 'wrong' WHEN born.id IS NULL THEN 'conflict' ELSE 'ok' END AS outcome,
         hit.id AS "challengeId", hit.attempts_left AS "attemptsLeft", hit.verifier AS provider, hit.vendor_ref AS "providerVerificationId",
         hit.decoy, hit.channel, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", 0 AS "otherSessions", ${accountColumns('born')}
    FROM k LEFT JOIN gate ON true LEFT JOIN hit ON true LEFT JOIN born ON true`,
  );
}

/** The vendor said yes for that verification id: the spent attempt is given back and the user is made (protocol.md 5). */
export const confirmRegistration = namedStatement<ConfirmRegistrationParameters>(
  'confirm_registration',
  `WITH gate AS MATERIALIZED (
    SELECT b.key FROM failure_budgets b JOIN otp_attempts k ON b.key = k.budget_key WHERE k.id = :challengeId FOR NO KEY UPDATE OF b
  ), hit AS (
    UPDATE otp_attempts c SET consumed_at = :now::timestamptz, failed = c.failed - 1 FROM gate
     WHERE c.id = :challengeId AND c.budget_key = gate.key AND c.vendor_ref = :providerVerificationId AND NOT c.decoy
       AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > :spentAt::timestamptz
       AND :now::timestamptz < :spentAt::timestamptz + interval '15 seconds' AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.subject_id AS registration_id, c.budget_key, true AS matched
  ), budget AS (
    UPDATE failure_budgets b SET fails = array_remove(b.fails, :spentAt::timestamptz) FROM hit WHERE b.key = hit.budget_key
  ), ${userAndSession}
  SELECT CASE WHEN born.id IS NULL THEN 'conflict' ELSE 'ok' END AS outcome, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", 0 AS "otherSessions", ${accountColumns('born')}
    FROM hit LEFT JOIN born ON true`,
);
