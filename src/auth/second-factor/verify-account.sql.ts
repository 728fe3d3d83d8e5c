// Verifies a challenge of a known account: one statement locks the account, then the challenge, counts or consumes, does what the code was
// asked for, and writes the audit rows (design D4, protocol.md 3). Invariants: no gate reads the match; at most attemptsMax codes are
// evaluated; a right code is accepted once. Guarded by test/races. No row: no code was looked at, and verify-refusal.sql.ts says why.
// `confirmAccount` is its second half for vendors that check codes (protocol.md 5).
import { event, recordEvents } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { namedStatement, type NamedStatement } from '../../database/sql';
import { memoryOf } from '../../limits/limits.sql';
import { confirmedInTime, cookieAllowed, hitColumns, live } from '../../otp/challenge-row.sql';
import { accountColumns } from '../../users/users.sql';
import { clientLives } from '../clients/clients.sql';
import { lockedVersion } from '../sessions/sessions.sql';
import type { Proof } from './method';
import { offers, takesAnswers } from './verify-refusal.sql';
import type { ConfirmParameters, VerifyParameters } from './verify.types';

/** What a right code does, as SQL. */
export interface AccountEffect {
  /** A statement that makes or renews the session, with RETURNING id. It reads `hit`, whose column `matched` says whether the code is right. */
  readonly session: string;
  /** The audit event of a right code; may read `made(id)`. */
  readonly event: string;
  /** Further audit events of a right code. They may read `hit.consecutive`, the account's failures in a row before it. */
  readonly moreEvents?: readonly string[];
  /** The session's id, read from `hit`, where a right code always makes a session. Otherwise the id is read from `made`. */
  readonly sessionId?: string;
  /** The outcome of a right code. Unless `sessionId` is given it may read `made.id`, which is null when there is no session. */
  readonly outcome: string;
  /** How many other sessions of the person live; null when that is not certain (sessions.sql.ts). */
  readonly otherSessions: string;
  /** SQL condition on the challenge row k: it is answered while the account's windows are full as well. */
  readonly whileLocked?: string;
  /** Condition on `hit`: the code proves the account's own factor, and so clears its failures. Absent: every right code does. */
  readonly clears?: string;
  /** Columns for `acct` with former values of the account u, each after a comma. */
  readonly was?: string;
  /** Further assignments to the account u, each after a comma; they stand here because a statement can write a row only once (protocol.md 1.4). */
  readonly account?: string;
  /** CTEs between `hit` and `account`, and CTEs after `made`, each followed by a comma. */
  readonly before?: string;
  readonly after?: string;
  /** Further joins of the main query. */
  readonly joined?: string;
}

/** @param windows LIMIT_FACTOR_ACCOUNT: failures per account, over all challenges and methods (N OBV-7) */
export function verifyAccount(
  name: string,
  windows: readonly LimitWindow[],
  effect: AccountEffect,
  proof: Proof,
): NamedStatement<VerifyParameters> {
  return namedStatement<VerifyParameters>(
    name,
    `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, u.second_factor_consecutive, ${lockedVersion}${effect.was ?? ''}
      FROM otp_attempts k JOIN users u ON u.id = k.subject_id
     WHERE k.token_digest = :tokenDigest AND k.purpose = :purpose AND k.key_id = :keyId AND ${takesAnswers(windows, proof, effect.whileLocked)} FOR NO KEY UPDATE OF u
  ), ${gated(proof)} ${countOrConsume(proof)}, ${effect.before ?? ''} ${account(windows, effect, proof)}, made AS (
    ${effect.session}
  ), ${effect.after ?? ''} ${noted(effect, proof)}${proof.endsAll === undefined ? '' : `, ${proof.endsAll.consequences}`}
  SELECT CASE WHEN hit.matched THEN ${effect.outcome} WHEN ${proof.byVendor('hit')} THEN 'spent' ELSE 'wrong' END AS outcome,
         hit.id AS "challengeId", hit.attempts_left AS "attemptsLeft", hit.verifier AS provider, hit.vendor_ref AS "providerVerificationId",
         hit.decoy, hit.channel, ${concluded(effect)}
         ${proof.endsAll === undefined ? '' : 'LEFT JOIN notice_job ON true'}`,
  );
}

/** SQL condition on the challenge row c, beside `acct`: it takes a code of this method now. */
function takesCode({ method, byVendor }: Proof): string {
  return `c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId
       AND c.subject_id = acct.id AND c.auth_epoch = acct.auth_epoch AND ${live('c')} AND ${clientLives('c.client_id')}
       AND (:wellFormed::boolean OR ${byVendor('c')}) AND ${cookieAllowed('c')} AND ${offers('c', method)}`;
}

/**
 * CTEs of what the method uses up. The challenge is locked before that: by the statement's snapshot it may still live although another code
 * was accepted while this statement waited for the account, and then something would be used up for nothing.
 */
function gated(proof: Proof): string {
  if (proof.gate === undefined) return '';
  return `taking AS MATERIALIZED (
    SELECT c.id FROM otp_attempts c JOIN acct ON true WHERE ${takesCode(proof)} FOR NO KEY UPDATE OF c
  ), ${proof.gate('EXISTS (SELECT FROM taking)')}`;
}

/** SQL of the method that the challenge records. None for a code that was sent, which is what its absence means everywhere. */
function verifiedBy({ method }: Proof): string | undefined {
  return method === 'sms' || method === 'email' ? undefined : `'${method}'`;
}

/** CTE `hit`: counts or consumes the challenge. Its auth_epoch is the one that the account will have afterwards. */
function countOrConsume(proof: Proof): string {
  const matched = proof.matches('c');
  const method = verifiedBy(proof);
  // The challenge was live, so this statement has consumed it.
  const consumed = 'c.consumed_at IS NOT NULL';
  return `hit AS (
    UPDATE otp_attempts c SET failed = c.failed + CASE WHEN ${matched} THEN 0 ELSE 1 END,
           consumed_at = CASE WHEN ${matched} THEN :now::timestamptz END
           ${method === undefined ? '' : `, verified_by = CASE WHEN ${matched} THEN ${method} END`} FROM acct
     WHERE ${takesCode(proof)}
    RETURNING ${hitColumns}, c.subject_id AS user_id, ${proof.endsAll === undefined ? 'c.auth_epoch' : `c.auth_epoch + (${consumed})::int AS auth_epoch`},
              ${consumed} AS matched, acct.second_factor_consecutive AS consecutive, acct.version
  )`;
}

/** CTE `account`: counts the failure for the account as well, or clears its failures. */
function account(windows: readonly LimitWindow[], effect: AccountEffect, { endsAll }: Proof): string {
  return `account AS (
    UPDATE users u
       SET second_factor_fails = CASE WHEN hit.matched THEN u.second_factor_fails
             ELSE (:now::timestamptz || u.second_factor_fails)[1:${memoryOf(windows)}] END,
           second_factor_consecutive = CASE WHEN ${clears(effect)} THEN 0 WHEN hit.matched THEN u.second_factor_consecutive ELSE u.second_factor_consecutive + 1 END,
           last_authenticated_at = CASE WHEN ${clears(effect)} THEN :now::timestamptz ELSE u.last_authenticated_at END${effect.account ?? ''}
           ${endsAll === undefined ? '' : `, auth_epoch = hit.auth_epoch, ${endsAll.set}`}
      FROM hit WHERE u.id = hit.user_id RETURNING ${accountColumns('u')}, u.auth_epoch AS "authEpoch"
  )`;
}

/** CTE `noted`: audit rows of the verdict and of everything that a right code does. */
function noted(effect: AccountEffect, proof?: Proof): string {
  const right = `ARRAY[${[proof?.event ?? effect.event, ...(effect.moreEvents ?? [])].join(', ')}]`;
  const judged = `CASE WHEN hit.matched THEN ${right} WHEN ${proof?.byVendor('hit') ?? 'false'} THEN ARRAY[${event('otp_spent')}] ELSE ARRAY[${event('otp_fail')}] END`;
  const reason = proof === undefined ? undefined : verifiedBy(proof);
  return `noted AS (
    ${recordEvents(judged, {
      userId: 'hit.user_id',
      sessionId: effect.sessionId ?? '(SELECT id FROM made)',
      ref: 'hit.id',
      ...(reason === undefined ? {} : { reason }),
      amr: 'CASE WHEN hit.matched THEN :amr::text[] END',
      from: 'FROM hit',
    })}
  )`;
}

/** The end of the main query. Both statements return these columns. */
function concluded({ sessionId, otherSessions, joined = '' }: AccountEffect): string {
  return `hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", ${sessionId ?? 'made.id'} AS "sessionId",
         ${otherSessions} AS "otherSessions", account.*
    FROM hit JOIN account ON true ${sessionId === undefined ? 'LEFT JOIN made ON true' : ''} ${joined}`;
}

/** To be run only after the vendor has approved the code of that verification id, within 15 s of the spent attempt. No row: not accepted. */
export function confirmAccount(name: string, effect: AccountEffect): NamedStatement<ConfirmParameters> {
  return namedStatement<ConfirmParameters>(
    name,
    `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, u.second_factor_consecutive, ${lockedVersion}${effect.was ?? ''} FROM users u JOIN otp_attempts k ON k.subject_id = u.id
     WHERE k.id = :challengeId AND u.status = 'active' FOR NO KEY UPDATE OF u
  ), hit AS (
    UPDATE otp_attempts c SET consumed_at = :now::timestamptz, failed = c.failed - 1 FROM acct
     WHERE c.id = :challengeId AND c.subject_id = acct.id AND c.auth_epoch = acct.auth_epoch AND c.vendor_ref = :providerVerificationId
       AND ${confirmedInTime('c')} AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.subject_id AS user_id, c.auth_epoch, true AS matched, acct.second_factor_consecutive AS consecutive, acct.version
  ), ${effect.before ?? ''} account AS (
    UPDATE users u SET second_factor_fails = array_remove(u.second_factor_fails, :spentAt::timestamptz),
           second_factor_consecutive = CASE WHEN ${clears(effect)} THEN 0 ELSE greatest(0, u.second_factor_consecutive - 1) END,
           last_authenticated_at = CASE WHEN ${clears(effect)} THEN :now::timestamptz ELSE u.last_authenticated_at END${effect.account ?? ''} FROM hit WHERE u.id = hit.user_id
    RETURNING ${accountColumns('u')}, u.auth_epoch AS "authEpoch"
  ), made AS (
    ${effect.session}
  ), ${effect.after ?? ''} ${noted(effect)}
  SELECT ${effect.outcome} AS outcome, ${concluded(effect)}`,
  );
}

function clears({ clears }: AccountEffect): string {
  return clears ?? 'hit.matched';
}
