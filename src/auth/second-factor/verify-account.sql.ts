// Verification of a challenge whose account is known: one statement that locks the account, then the challenge, counts or consumes,
// does what the code was asked for and writes the audit row (design D4, protocol.md 3). Invariants: no gate looks at the match; at
// most attemptsMax codes are evaluated; a right code is accepted once. Guarded by test/races. `confirm` is its second half for
// vendors that check the code (protocol.md 5).
import { event, recordAudit, recordMore } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { namedStatement, type NamedStatement } from '../../database/sql';
import { windowsOpen } from '../../limits/limits.sql';
import { cookieAllowed, hitColumns, live } from '../../otp/otp.sql';
import { accountColumns, CONSECUTIVE_MAX, provedEmail } from '../../users/users.sql';
import { clientLives } from '../clients/clients.sql';
import { lockedVersion } from '../sessions/sessions.sql';
import type { Method } from '../../otp/otp.types';
import type { Proof } from './method';
import type { ConfirmParameters, VerifyParameters } from './verify.types';

/** What a right code does. */
export interface Effect {
  /** Data-modifying SQL with RETURNING id of the session, over a row `hit` of which `matched` holds. */
  readonly session: string;
  /** SQL of the audit event of a right code; may read `made(id)`. */
  readonly event: string;
  /** SQL of type text[]: audit events of a right code besides; may read `acct`. */
  readonly moreEvents?: string;
  /** SQL of the outcome of a right code; may read `made.id`, null when there is no session. */
  readonly outcome: string;
  /** SQL of how many other sessions of the person live; null when that is not sure (sessions.sql.ts). */
  readonly otherSessions: string;
  /** SQL over `hit`: whether a right code proves the account's own factor, and so clears its failures; it does unless given. */
  readonly clears?: string;
  /** What it sets on the account u besides, each with a comma before it: one row is written once per statement (protocol.md 1.4). */
  readonly account?: string;
  /** CTEs between `hit` and `account`, and after `made`, each with a comma behind it. */
  readonly before?: string;
  readonly after?: string;
  /** What the main query has to read besides. */
  readonly joined?: string;
}

/** @param windows LIMIT_FACTOR_ACCOUNT: failures per account, over all its challenges and methods (N OBV-7) */
export function verifyAccount(
  name: string,
  windows: readonly LimitWindow[],
  effect: Effect,
  proof: Proof,
): NamedStatement<VerifyParameters> {
  const notDisabled = proof.opensDisabled ? 'true' : `u.second_factor_consecutive < ${CONSECUTIVE_MAX}`;
  return namedStatement<VerifyParameters>(
    name,
    `WITH k AS MATERIALIZED (
    SELECT id, subject_id, verifier, token_delivery, methods FROM otp_attempts
     WHERE token_digest = :tokenDigest AND purpose = :purpose AND key_id = :keyId
  ), acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, u.phone, u.locale, u.second_factor_consecutive, ${provedEmail('u')} AS proved_email, ${lockedVersion}
      FROM users u JOIN k ON u.id = k.subject_id
     WHERE u.status = 'active' AND ${windowsOpen('u.second_factor_fails', windows, ':now')} AND ${notDisabled} FOR NO KEY UPDATE OF u
  ), ${proof.gate(`EXISTS (SELECT FROM otp_attempts c WHERE ${takesCode(proof)})`)} ${countOrConsume(proof)}, ${effect.before ?? ''} ${account(windows, effect, proof)}, made AS (
    ${effect.session}
  ), ${effect.after ?? ''} noted AS (
    ${recordAudit({
      event: `CASE WHEN hit.matched THEN ${proof.event ?? effect.event} WHEN ${proof.byVendor('hit')} THEN ${event('otp_spent')} ELSE ${event('otp_fail')} END`,
      userId: 'hit.user_id',
      sessionId: '(SELECT id FROM made)',
      ref: 'hit.id',
      reason: verifiedBy(proof),
      amr: 'CASE WHEN hit.matched THEN :amr::text[] END',
      from: 'FROM hit',
    })}
  )${notedMore(effect)}${proof.endsAll === undefined ? '' : `, ${proof.endsAll.consequences}`}
  SELECT ${outcome(effect, proof)} AS outcome,
         hit.id AS "challengeId", hit.attempts_left AS "attemptsLeft", hit.verifier AS provider, hit.vendor_ref AS "providerVerificationId",
         hit.decoy, hit.channel, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", made.id AS "sessionId",
         ${effect.otherSessions} AS "otherSessions", account.*
    FROM k LEFT JOIN acct ON true LEFT JOIN hit ON true LEFT JOIN account ON true LEFT JOIN made ON true ${effect.joined ?? ''}
         ${proof.endsAll === undefined ? '' : 'LEFT JOIN notice_job ON true'}`,
  );
}

/** Whether the challenge row c takes a code by this method now, beside `acct`. */
function takesCode({ method, byVendor }: Proof): string {
  return `c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId
       AND c.subject_id = acct.id AND c.auth_epoch = acct.auth_epoch AND ${live('c')} AND ${clientLives('c.client_id')}
       AND (:wellFormed::boolean OR ${byVendor('c')}) AND ${cookieAllowed('c')} AND ${offers('c', method)}`;
}

function offers(row: string, method: Method): string {
  return `'${method}' = ANY (${row}.methods)`;
}

/** Of the code that was sent nothing is noted, as everywhere. */
function verifiedBy({ method }: Proof): string {
  return method === 'sms' || method === 'email' ? 'NULL' : `'${method}'`;
}

/** CTE `hit`: the challenge, counted or consumed. Its auth_epoch is the one that the account will have. */
function countOrConsume(proof: Proof): string {
  const matched = proof.matches('c');
  const epoch = proof.endsAll === undefined ? 'c.auth_epoch' : `c.auth_epoch + ${matched}::int`;
  return `hit AS (
    UPDATE otp_attempts c SET failed = c.failed + CASE WHEN ${matched} THEN 0 ELSE 1 END,
           consumed_at = CASE WHEN ${matched} THEN :now::timestamptz END,
           verified_by = CASE WHEN ${matched} THEN ${verifiedBy(proof)} END FROM acct
     WHERE ${takesCode(proof)}
    RETURNING ${hitColumns}, c.subject_id AS user_id, ${epoch} AS auth_epoch, ${matched} AS matched
  )`;
}

/** CTE `account`: the failure counted there too, or the way cleared. */
function account(windows: readonly LimitWindow[], effect: Effect, { endsAll }: Proof): string {
  return `account AS (
    UPDATE users u
       SET second_factor_fails = CASE WHEN hit.matched THEN u.second_factor_fails
             ELSE (:now::timestamptz || u.second_factor_fails)[1:${memory(windows)}] END,
           second_factor_consecutive = CASE WHEN ${clears(effect)} THEN 0 WHEN hit.matched THEN u.second_factor_consecutive ELSE u.second_factor_consecutive + 1 END,
           last_authenticated_at = CASE WHEN ${clears(effect)} THEN :now::timestamptz ELSE u.last_authenticated_at END${effect.account ?? ''}
           ${endsAll === undefined ? '' : `, auth_epoch = hit.auth_epoch, ${endsAll.set}`}
      FROM hit WHERE u.id = hit.user_id RETURNING ${accountColumns('u')}, u.auth_epoch AS "authEpoch"
  )`;
}

function outcome(effect: Effect, { method, byVendor }: Proof): string {
  return `CASE WHEN hit.id IS NULL AND NOT ${cookieAllowed('k')} THEN 'foreign'
              WHEN hit.id IS NULL AND acct.id IS NULL THEN 'locked'
              WHEN hit.id IS NULL AND NOT ${offers('k', method)} THEN 'not_offered'
              WHEN hit.id IS NULL AND NOT :wellFormed::boolean AND NOT ${byVendor('k')} THEN 'malformed'
              WHEN hit.id IS NULL THEN 'dead' WHEN hit.matched THEN ${effect.outcome}
              WHEN ${byVendor('hit')} THEN 'spent' ELSE 'wrong' END`;
}

/** Only after the vendor's explicit yes for that verification id, within 15 s of the spent attempt. No row: not accepted. */
export function confirmAccount(name: string, effect: Effect): NamedStatement<ConfirmParameters> {
  return namedStatement<ConfirmParameters>(
    name,
    `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, u.phone, u.locale, u.second_factor_consecutive, ${lockedVersion} FROM users u JOIN otp_attempts k ON k.subject_id = u.id
     WHERE k.id = :challengeId AND u.status = 'active' FOR NO KEY UPDATE OF u
  ), hit AS (
    UPDATE otp_attempts c SET consumed_at = :now::timestamptz, failed = c.failed - 1 FROM acct
     WHERE c.id = :challengeId AND c.subject_id = acct.id AND c.auth_epoch = acct.auth_epoch AND c.vendor_ref = :providerVerificationId
       AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > :spentAt::timestamptz
       AND :now::timestamptz < :spentAt::timestamptz + interval '15 seconds' AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.subject_id AS user_id, c.auth_epoch, true AS matched
  ), ${effect.before ?? ''} account AS (
    UPDATE users u SET second_factor_fails = array_remove(u.second_factor_fails, :spentAt::timestamptz),
           second_factor_consecutive = CASE WHEN ${clears(effect)} THEN 0 ELSE greatest(0, u.second_factor_consecutive - 1) END,
           last_authenticated_at = CASE WHEN ${clears(effect)} THEN :now::timestamptz ELSE u.last_authenticated_at END${effect.account ?? ''} FROM hit WHERE u.id = hit.user_id
    RETURNING ${accountColumns('u')}, u.auth_epoch AS "authEpoch"
  ), made AS (
    ${effect.session}
  ), ${effect.after ?? ''} noted AS (
    ${recordAudit({ event: effect.event, userId: 'hit.user_id', sessionId: '(SELECT id FROM made)', ref: 'hit.id', amr: ':amr::text[]', from: 'FROM hit' })}
  )${notedMore(effect)}
  SELECT ${effect.outcome} AS outcome, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", made.id AS "sessionId",
         ${effect.otherSessions} AS "otherSessions", account.*
    FROM hit JOIN account ON true LEFT JOIN made ON true ${effect.joined ?? ''}`,
  );
}

/** CTE `noted_more`, with a comma before it. */
function notedMore({ moreEvents }: Effect): string {
  if (moreEvents === undefined) return '';
  const columns = { userId: 'hit.user_id', sessionId: '(SELECT id FROM made)', ref: 'hit.id', amr: ':amr::text[]' };
  return `, noted_more AS (
    ${recordMore(moreEvents, { ...columns, from: 'FROM hit JOIN acct ON hit.matched' })}
  )`;
}

function clears({ clears }: Effect): string {
  return clears ?? 'hit.matched';
}

function memory(windows: readonly LimitWindow[]): number {
  return Math.max(1, ...windows.map(({ count }) => count));
}
