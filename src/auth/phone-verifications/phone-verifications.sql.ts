// The statements of phone verifications: those of protocol.md 4, 5 and 7, without an account. A challenge belongs to the client app that
// asked for it, which each statement checks. Failures count per number and client app, so no app can lock a number for another. Guarded by
// test/e2e/phone-verifications.e2e-spec.ts.
import type { LimitWindow } from '../../config/limit';
import { namedStatement } from '../../database/sql';
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { confirmedInTime, hitColumns, live, matches } from '../../otp/challenge-row.sql';
import { issueChallenge, issueOutcome, type IssueParameters, turnInTime } from '../../otp/issue-challenge.sql';
import type { RightFor } from '../../otp/otp.types';
import { clientLives } from '../clients/clients.sql';
import { countFailure, lockBudget, lockBudgetWithRoom, openBudget, takeBackFailure } from '../failure-budgets.sql';

export interface IssueVerificationParameters extends IssueParameters {
  readonly budgetKey: string;
}

export interface CheckParameters {
  /** ISO 8601 with random microseconds, by which this attempt can be told from all others (protocol.md 5). */
  readonly now: string;
  readonly tokenDigest: Buffer;
  readonly purpose: string;
  readonly keyId: string;
  readonly clientId: string;
  readonly matched: RightFor;
  readonly wellFormed: boolean;
  readonly requestId: string | null;
  readonly address: string | null;
}

export interface ConfirmCheckParameters extends AuditParameters<string> {
  readonly challengeId: string;
  readonly clientId: string;
  readonly providerVerificationId: string;
  readonly spentAt: string;
}

/** Like VerifyOutcome, without the outcomes that concern an account. */
export interface CheckRow {
  readonly outcome: 'ok' | 'wrong' | 'spent' | 'dead' | 'locked' | 'malformed';
  readonly challengeId: string;
  readonly phone: string;
  readonly attemptsLeft: number;
  readonly provider: string | null;
  readonly providerVerificationId: string | null;
  readonly decoy: boolean;
  readonly channel: 'sms' | 'voice';
}

export const issueVerification = namedStatement<IssueVerificationParameters>(
  'issue_phone_verification',
  `WITH ${issueChallenge({
    gate: `${turnInTime} AND ${clientLives(':clientId')}`,
    epoch: '0',
    decoy: 'false',
    budgetKey: ':budgetKey',
    sendAt: '(SELECT at FROM turn)',
    source: "'code'",
  })}, ${openBudget}, noted AS (
    ${recordAudit({ event: event('phone_verification_requested'), ref: 'made.id', aboutPhone: true, reason: `'for client app ' || :clientId`, from: 'FROM made' })}
  )
  ${issueOutcome()}`,
);

/** @param windows LIMIT_FACTOR_ACCOUNT, which holds for anonymous budgets as well. No row: this client app has no such challenge. */
export function checkVerification(windows: readonly LimitWindow[]) {
  return namedStatement<CheckParameters>(
    'check_phone_verification',
    `WITH k AS MATERIALIZED (
    SELECT id, budget_key, verifier FROM otp_attempts
     WHERE token_digest = :tokenDigest AND purpose = :purpose AND key_id = :keyId AND client_id = :clientId
  ), ${lockBudgetWithRoom(windows)}, hit AS (
    UPDATE otp_attempts c SET failed = c.failed + CASE WHEN ${matches('c')} THEN 0 ELSE 1 END,
           consumed_at = CASE WHEN ${matches('c')} THEN :now::timestamptz END FROM gate
     WHERE c.token_digest = :tokenDigest AND c.purpose = :purpose AND c.key_id = :keyId AND c.client_id = :clientId
       AND c.budget_key = gate.key AND ${live('c')} AND (:wellFormed::boolean OR c.verifier IS NOT NULL) AND ${clientLives('c.client_id')}
    RETURNING ${hitColumns}, c.budget_key, ${matches('c')} AS matched
  ), ${countFailure(windows)}, noted AS (
    ${recordAudit({
      event: `CASE WHEN hit.matched THEN ${event('phone_verified')} WHEN hit.verifier IS NULL THEN ${event('otp_fail')} ELSE ${event('otp_spent')} END`,
      ref: 'hit.id',
      reason: `'for client app ' || hit.client_id`,
      from: 'FROM hit',
    })}
  )
  SELECT CASE WHEN hit.id IS NULL AND gate.key IS NULL THEN 'locked'
              WHEN hit.id IS NULL AND NOT :wellFormed::boolean AND k.verifier IS NULL THEN 'malformed'
              WHEN hit.id IS NULL THEN 'dead' WHEN hit.matched THEN 'ok'
              WHEN hit.verifier IS NOT NULL THEN 'spent' ELSE 'wrong' END AS outcome,
         hit.id AS "challengeId", hit.phone, hit.attempts_left AS "attemptsLeft", hit.verifier AS provider,
         hit.vendor_ref AS "providerVerificationId", hit.decoy, hit.channel
    FROM k LEFT JOIN gate ON true LEFT JOIN hit ON true`,
  );
}

/** The vendor has approved the code of that verification id. Must run within 15 s of the spent attempt, which it takes back. No row: too late. */
export const confirmVerification = namedStatement<ConfirmCheckParameters>(
  'confirm_phone_verification',
  `WITH ${lockBudget}, hit AS (
    UPDATE otp_attempts c SET consumed_at = :now::timestamptz, failed = c.failed - 1 FROM gate
     WHERE c.id = :challengeId AND c.client_id = :clientId AND c.budget_key = gate.key AND c.vendor_ref = :providerVerificationId
       AND NOT c.decoy AND ${confirmedInTime('c')} AND ${clientLives('c.client_id')}
    RETURNING c.id, c.client_id, c.budget_key
  ), ${takeBackFailure}, noted AS (
    ${recordAudit({ event: event('phone_verified'), ref: 'hit.id', reason: `'for client app ' || hit.client_id`, from: 'FROM hit' })}
  )
  SELECT id FROM hit`,
);
