// Verifies a reset: one statement locks the account, the failure budget of the identifier, then the challenge. It judges the code and what
// the account needs besides, counts or consumes, and writes the audit row (design D4, protocol.md 3 and 4, A71). Invariants: without the
// right code, nothing shows that there is an account, and no second factor is looked at (A55): the budget is locked although it is spent,
// because otherwise only an account would be, which takes a commit and makes others wait. Guesses at a second factor count in the
// account's failures; its code is used up together with the challenge, or not at all (A67, N5).
//
// A right code is only used up here. The new password is hashed after that, and put in place by another statement (password-reset.sql.ts).
// So the duration of an answer never tells that a right code was refused (protocol.md 4). When the account has changed since the code was
// asked for (auth_epoch), the reset works like a decoy: its right code counts as a wrong one.
import { event, recordAudit } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { namedStatement, type NamedStatement } from '../../database/sql';
import { memoryOf, windowsOpen } from '../../limits/limits.sql';
import { confirmedInTime, hitColumns, live, matches } from '../../otp/challenge-row.sql';
import { accountColumns, CONSECUTIVE_MAX } from '../../users/users.sql';
import { recoveryNotice, takeRecoveryCode } from '../recovery-codes/recovery-codes.sql';
import { passTotpStep } from '../totp/totp.sql';
import type { ConfirmParameters, VerifyParameters } from './verify.types';

/** In what the two statements differ. */
interface Parts {
  /** Text of the CTE that finds the challenge row c, by snapshot. */
  readonly found: string;
  /** SQL condition on the failure budget b. */
  readonly budgetOpen: string;
  /** On the challenge row c under its lock: SQL of the columns `proved` and `by_vendor`, and a condition. */
  readonly proved: string;
  readonly byVendor: string;
  readonly condition: string;
  /** SQL assignments: to the challenge c and the budget b, for an attempt that counts and for one that does not. */
  readonly touches: string;
  readonly counted: string;
  readonly notCounted: string;
  readonly alsoSet: string;
  readonly budget: string;
}

/** @param windows LIMIT_FACTOR_ACCOUNT, which holds for anonymous budgets as well */
export function verifyReset(windows: readonly LimitWindow[]): NamedStatement<VerifyParameters> {
  return resetStatement('verify_reset', windows, {
    found: `k.token_digest = :tokenDigest AND k.purpose = :purpose AND k.key_id = :keyId`,
    budgetOpen: windowsOpen('b.fails', windows, ':now'),
    proved: `(${matches('c')} OR (c.code_proved_at IS NOT NULL AND NOT c.decoy))`,
    byVendor: 'c.verifier IS NOT NULL AND c.code_proved_at IS NULL',
    condition: `${live('c')} AND (:wellFormed::boolean OR c.verifier IS NOT NULL)`,
    touches: `judged.verdict NOT IN ('missing', 'further_locked')`,
    counted: 'c.failed + 1',
    notCounted: 'c.failed',
    alsoSet: '',
    budget: `fails = (:now::timestamptz || b.fails)[1:${memoryOf(windows)}], touched_at = :now::timestamptz FROM hit
     WHERE b.key = hit.budget_key AND NOT hit.matched`,
  });
}

/** The vendor has approved the code of that verification id: the spent attempt is taken back, unless the second factor is wrong (protocol.md 5). */
export function confirmReset(windows: readonly LimitWindow[]): NamedStatement<ConfirmParameters> {
  return resetStatement('confirm_reset', windows, {
    found: 'k.id = :challengeId',
    budgetOpen: 'true',
    proved: 'true',
    byVendor: 'false',
    condition: `c.vendor_ref = :providerVerificationId AND NOT c.decoy AND ${confirmedInTime('c')}`,
    touches: 'true',
    counted: 'c.failed',
    notCounted: 'c.failed - 1',
    alsoSet: ', code_proved_at = :now::timestamptz',
    budget: `fails = array_remove(b.fails, :spentAt::timestamptz) FROM hit WHERE b.key = hit.budget_key AND NOT hit.counts`,
  });
}

function resetStatement<Parameters extends object>(name: string, windows: readonly LimitWindow[], parts: Parts) {
  return namedStatement<Parameters>(
    name,
    `WITH k AS MATERIALIZED (
    SELECT k.id, k.subject_id, k.budget_key, k.verifier FROM otp_attempts k WHERE ${parts.found}
  ), acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, u.totp_enabled, u.recovery_codes_left, u.second_factor_consecutive,
           ${windowsOpen('u.second_factor_fails', windows, ':now')} AS open
      FROM users u JOIN k ON u.id = k.subject_id WHERE u.status = 'active' FOR NO KEY UPDATE OF u
  ), gate AS MATERIALIZED (
    SELECT b.key, ${parts.budgetOpen} AS open FROM failure_budgets b JOIN k ON b.key = k.budget_key
     WHERE (SELECT count(*) FROM acct) >= 0 FOR NO KEY UPDATE OF b
  ), taken AS MATERIALIZED (
    SELECT c.id, c.subject_id, c.auth_epoch, c.email, ${parts.proved} AS proved, ${parts.byVendor} AS by_vendor
      FROM otp_attempts c JOIN k ON c.id = k.id JOIN gate ON c.budget_key = gate.key AND gate.open
     WHERE ${parts.condition} FOR NO KEY UPDATE OF c
  ), judged AS MATERIALIZED (
    SELECT taken.id, acct.id AS user_id, taken.email, ${verdict} AS verdict FROM taken LEFT JOIN acct ON acct.id = taken.subject_id
  ), by_totp AS (
    ${passTotpStep('judged.user_id', `FROM judged WHERE judged.verdict = 'totp'`)} RETURNING t.user_id
  ), by_recovery_code AS (
    ${takeRecoveryCode('judged.user_id', `FROM judged WHERE judged.verdict = 'recovery_code'`)} RETURNING cardinality(r.unused) AS codes
  ), ${hit(parts)}, budget AS (
    UPDATE failure_budgets b SET ${parts.budget}
  ), account AS (
    ${countFactor(windows)}
  ), born AS (
    SELECT u.* FROM users u JOIN hit ON u.id = hit.subject_id WHERE hit.matched
  ), ${noted}, ${recoveryNotice(`FROM account AS "to" JOIN hit ON hit.matched AND hit.verdict = 'recovery_code' WHERE true`)}
  SELECT ${outcome} AS outcome, hit.id AS "challengeId", hit.attempts_left AS "attemptsLeft", hit.verifier AS provider,
         hit.vendor_ref AS "providerVerificationId", hit.decoy, hit.channel, hit.client_id AS "clientId", hit.token_delivery AS "tokenDelivery",
         0 AS "otherSessions", ${needed} AS "methodsNeeded", judged.verdict = 'ok' AND judged.email IS NULL AS "byCodeAlone", ${accountColumns('born')}
    FROM k LEFT JOIN acct ON true LEFT JOIN gate ON true LEFT JOIN judged ON true LEFT JOIN hit ON true LEFT JOIN born ON true
         LEFT JOIN notice_job ON true`,
  );
}

/** SQL condition: this second factor was given, and the account has it. When both were given, the app's is judged. */
const given = (method: string, has: string) => `'${method}' = ANY (:given::text[]) AND ${has}`;
const hasTotp = 'acct.totp_enabled';
const hasRecoveryCodes = 'acct.recovery_codes_left > 0';
/** SQL condition: a second code was mailed. The account's address is still the same then, or its epoch would have changed. */
const mailed = 'taken.email IS NOT NULL';

/**
 * ok: nothing else is needed. totp, recovery_code: this one decides. missing: one is needed, which is told, and nothing is counted.
 * further_locked: one was given, but the account's second factor is locked, so it is not looked at. For a further thing that accounts may need, add a WHEN before the last
 * three.
 */
const verdict = `CASE WHEN taken.by_vendor THEN 'spent'
         WHEN NOT taken.proved OR acct.auth_epoch IS DISTINCT FROM taken.auth_epoch THEN 'wrong'
         WHEN ${mailed} AND :emailGiven::boolean AND NOT :emailMatched::boolean THEN 'wrong'
         WHEN ${mailed} AND NOT :emailGiven::boolean THEN 'missing'
         WHEN NOT (${hasTotp} OR ${hasRecoveryCodes}) THEN 'ok'
         WHEN ${given('totp', hasTotp)} THEN CASE WHEN acct.open AND acct.second_factor_consecutive < ${CONSECUTIVE_MAX} THEN 'totp' ELSE 'further_locked' END
         WHEN ${given('recovery_code', hasRecoveryCodes)} THEN CASE WHEN acct.open THEN 'recovery_code' ELSE 'further_locked' END
         ELSE 'missing' END`;

const oneGiven = `(${given('totp', hasTotp)} OR ${given('recovery_code', hasRecoveryCodes)})`;

/** SQL of what is missing: the mailed code, and one of the other methods that the account has. */
const needed = `array_remove(ARRAY[CASE WHEN judged.email IS NOT NULL AND NOT :emailGiven::boolean THEN 'email' END,
         CASE WHEN ${hasTotp} AND NOT ${oneGiven} THEN 'totp' END,
         CASE WHEN ${hasRecoveryCodes} AND NOT ${oneGiven} THEN 'recovery_code' END], NULL)`;

/** CTE `hit`: counts or consumes the challenge, or leaves it as it is. */
function hit({ touches, counted, notCounted, alsoSet }: Parts): string {
  const right = `(judged.verdict = 'ok' OR EXISTS (SELECT FROM by_totp) OR EXISTS (SELECT FROM by_recovery_code))`;
  const counts = `(NOT ${right} AND judged.verdict NOT IN ('missing', 'further_locked'))`;
  return `hit AS (
    UPDATE otp_attempts c SET failed = CASE WHEN ${counts} THEN ${counted} ELSE ${notCounted} END,
           consumed_at = CASE WHEN ${right} THEN :now::timestamptz END${alsoSet} FROM judged WHERE c.id = judged.id AND ${touches}
    RETURNING ${hitColumns}, c.subject_id, c.budget_key, judged.verdict, ${right} AS matched, ${counts} AS counts
  )`;
}

/** UPDATE of CTE `account`: a wrong second factor counts as a failure of the account; a right one clears its failures, as everywhere. */
function countFactor(windows: readonly LimitWindow[]): string {
  return `UPDATE users u
       SET second_factor_fails = CASE WHEN hit.matched THEN u.second_factor_fails
             ELSE (:now::timestamptz || u.second_factor_fails)[1:${memoryOf(windows)}] END,
           second_factor_consecutive = CASE WHEN hit.matched THEN 0 ELSE u.second_factor_consecutive + 1 END,
           recovery_codes_left = coalesce((SELECT codes FROM by_recovery_code), u.recovery_codes_left)
      FROM hit WHERE u.id = hit.subject_id AND hit.verdict IN ('totp', 'recovery_code') RETURNING ${accountColumns('u')}`;
}

const noted = `noted AS (
    ${recordAudit({
      event: `CASE WHEN hit.verdict = 'spent' THEN ${event('otp_spent')} WHEN NOT hit.matched THEN ${event('otp_fail')}
              WHEN hit.verdict = 'recovery_code' THEN ${event('recovery_used')} ELSE ${event('otp_success')} END`,
      userId: 'CASE WHEN NOT hit.decoy THEN hit.subject_id END',
      ref: 'hit.id',
      reason: `CASE WHEN hit.verdict IN ('totp', 'recovery_code') THEN hit.verdict END`,
      from: `FROM hit WHERE hit.matched OR hit.verdict NOT IN ('missing', 'further_locked')`,
    })}
  )`;

const outcome = `CASE WHEN judged.id IS NULL AND gate.open IS NOT TRUE THEN 'locked'
              WHEN judged.id IS NULL AND NOT :wellFormed::boolean AND k.verifier IS NULL THEN 'malformed'
              WHEN judged.id IS NULL THEN 'dead' WHEN judged.verdict IN ('missing', 'further_locked', 'spent') THEN judged.verdict
              WHEN hit.matched THEN 'ok' ELSE 'wrong' END`;
