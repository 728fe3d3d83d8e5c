// Verifies an anonymous challenge: one statement locks the failure budget of its number, then the challenge, counts or consumes, does what
// the code was asked for, and writes the audit row (design D4, protocol.md 4). The budget belongs to the text that was typed, never to an
// account, so known and unknown ones behave alike. Guarded by test/races.
import { event, recordAudit, recordEvents } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { namedStatement, type NamedStatement } from '../../database/sql';
import { confirmedInTime, cookieAllowed, hitColumns, live, matches } from '../../otp/challenge-row.sql';
import { accountColumns } from '../../users/users.sql';
import { clientLives } from '../clients/clients.sql';
import { countFailure, lockBudget, lockBudgetWithRoom, takeBackFailure } from '../failure-budgets.sql';
import type { ConfirmParameters, VerifyParameters } from './verify.types';

/** What a right code does, as SQL. */
export interface AnonymousEffect {
  /** CTEs that read `hit(subject_id, matched)`: those of a notice, and `born`, with the account that was made, or no row. Followed by a comma. */
  readonly ctes: string;
  /** The audit event of a right code; may read `born`. */
  readonly event: string;
  /** An array text[] of further audit events, recorded if there is a `born`. */
  readonly moreEvents?: string;
  /** The outcome of a right code; may read `born`. */
  readonly outcome: string;
  /** The id of the session that was made, or null. */
  readonly session: string;
  /** The account that the audit row names. */
  readonly auditedUser: string;
}

/** @param windows LIMIT_FACTOR_ACCOUNT, which holds for anonymous budgets as well */
export function verifyAnonymous(
  name: string,
  windows: readonly LimitWindow[],
  effect: AnonymousEffect,
): NamedStatement<VerifyParameters> {
  const right = matches('c');
  return namedStatement<VerifyParameters>(
    name,
    `WITH k AS MATERIALIZED (
    SELECT id, budget_key, verifier, token_delivery FROM otp_attempts WHERE token_digest = :tokenDigest AND purpose = :purpose AND key_id = :keyId
  ), ${lockBudgetWithRoom(windows)}, hit AS (
    UPDATE otp_attempts c SET failed = c.failed + CASE WHEN ${right} THEN 0 ELSE 1 END,
           consumed_at = CASE WHEN ${right} THEN :now::timestamptz END FROM gate
     WHERE c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId AND c.budget_key = gate.key AND ${live('c')}
       AND (:wellFormed::boolean OR c.verifier IS NOT NULL) AND ${cookieAllowed('c')} AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.subject_id, c.budget_key, ${right} AS matched
  ), ${countFailure(windows)}, ${effect.ctes}, ${noted(effect)}
  SELECT CASE WHEN hit.id IS NULL AND NOT ${cookieAllowed('k')} THEN 'foreign'
              WHEN hit.id IS NULL AND gate.key IS NULL THEN 'locked'
              WHEN hit.id IS NULL AND NOT :wellFormed::boolean AND k.verifier IS NULL THEN 'malformed'
              WHEN hit.id IS NULL THEN 'dead' WHEN NOT hit.matched AND hit.verifier IS NOT NULL THEN 'spent'
              WHEN NOT hit.matched THEN 'wrong' ELSE ${effect.outcome} END AS outcome,
         hit.id AS "challengeId", hit.attempts_left AS "attemptsLeft", hit.verifier AS provider, hit.vendor_ref AS "providerVerificationId",
         hit.decoy, hit.channel, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", 0 AS "otherSessions", ${accountColumns('born')}
    FROM k LEFT JOIN gate ON true LEFT JOIN hit ON true LEFT JOIN born ON true LEFT JOIN notice_job ON true`,
  );
}

/** The vendor has approved the code of that verification id: the spent attempt is taken back, and the code counts (protocol.md 5). */
export function confirmAnonymous(name: string, effect: AnonymousEffect): NamedStatement<ConfirmParameters> {
  return namedStatement<ConfirmParameters>(
    name,
    `WITH ${lockBudget}, hit AS (
    UPDATE otp_attempts c SET consumed_at = :now::timestamptz, failed = c.failed - 1 FROM gate
     WHERE c.id = :challengeId AND c.budget_key = gate.key AND c.vendor_ref = :providerVerificationId AND NOT c.decoy
       AND ${confirmedInTime('c')} AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.subject_id, c.budget_key, true AS matched
  ), ${takeBackFailure}, ${effect.ctes}, ${noted(effect)}
  SELECT ${effect.outcome} AS outcome, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery", 0 AS "otherSessions", ${accountColumns('born')}
    FROM hit LEFT JOIN born ON true LEFT JOIN notice_job ON true`,
  );
}

function noted({ event: right, moreEvents, session, auditedUser }: AnonymousEffect): string {
  return `noted AS (
    ${recordAudit({
      event: `CASE WHEN NOT hit.matched AND hit.verifier IS NOT NULL THEN ${event('otp_spent')} WHEN NOT hit.matched THEN ${event('otp_fail')} ELSE ${right} END`,
      userId: auditedUser,
      sessionId: session,
      ref: 'hit.id',
      amr: 'CASE WHEN hit.matched THEN :amr::text[] END',
      from: 'FROM hit LEFT JOIN born ON true',
    })}
  )${
    moreEvents === undefined
      ? ''
      : `, noted_more AS (
    ${recordEvents(moreEvents, { userId: auditedUser, sessionId: session, ref: 'hit.id', amr: ':amr::text[]', from: 'FROM hit JOIN born ON hit.matched' })}
  )`
  }`;
}
