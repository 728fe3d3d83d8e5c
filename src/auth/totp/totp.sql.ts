// The life of an authenticator app: one statement per step, each with its audit row (N9, N11). The row is pending until the first right
// code. After that it is confirmed, with the time step of its last code, which only grows. A credential event ends a pending one, by the
// account's epoch. Lock order: account, then secret.
import { event, recordAudit } from '../../audit/audit.sql';
import { namedStatement, statement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { changeFactors, type FactorChangeParameters, lockedAccount } from '../factor-change.sql';
import { provedByAppAlone } from '../last-way-in.sql';

/** How long a secret that was shown waits for its first code, in seconds. */
const PENDING_SECONDS = 600;

const pending = (row: string) => `${row}.confirmed_at IS NULL
       AND ${row}.created_at > :now::timestamptz - interval '${PENDING_SECONDS} seconds'`;

interface EnrolParameters extends FactorChangeParameters {
  readonly totpId: string;
  readonly secretSealed: Buffer;
}

export interface EnrolRow {
  readonly phone: string | null;
  readonly enrolled: boolean;
}

/** Replaces a pending secret, never a confirmed one. No row: the session has ended. */
export const enrolTotp = namedStatement<EnrolParameters>(
  'totp_enrol',
  `WITH ${lockedAccount}, pending AS (
    INSERT INTO totp_secrets AS t (user_id, id, secret_sealed, created_at, auth_epoch)
    SELECT account.id, :totpId::uuid, :secretSealed::bytea, :now::timestamptz, account.auth_epoch FROM account WHERE NOT account.totp_enabled
    ON CONFLICT (user_id) DO UPDATE SET id = excluded.id, secret_sealed = excluded.secret_sealed, created_at = excluded.created_at,
      auth_epoch = excluded.auth_epoch, failed = 0
      WHERE t.confirmed_at IS NULL
    RETURNING user_id
  ), noted AS (
    ${recordAudit({ event: event('totp_enrolment_started'), userId: 'user_id', sessionId: ':sessionId::uuid', ref: ':totpId::uuid', from: 'FROM pending' })}
  )
  SELECT account.phone, pending.user_id IS NOT NULL AS enrolled FROM account LEFT JOIN pending ON true`,
);

/** $1 user id, $2 now. */
export const findPendingTotp = statement(
  'totp_find_pending',
  `SELECT t.id, t.secret_sealed AS sealed FROM totp_secrets t WHERE t.user_id = $1 AND ${pending('t').replace(':now', '$2')}`,
);

interface ConfirmParameters extends FactorChangeParameters, NoticeParameters {
  readonly totpId: string;
  readonly matched: boolean;
  readonly step: number | null;
  readonly attemptsMax: number;
}

export interface ConfirmRow {
  readonly outcome: 'confirmed' | 'wrong' | 'gone';
  readonly attemptsLeft: number;
}

/** Counts the attempt, or confirms the app and uses up its code's time step (A67). No row: the session has ended. */
export const confirmTotp = namedStatement<ConfirmParameters>(
  'totp_confirm',
  `WITH ${lockedAccount}, hit AS (
    UPDATE totp_secrets t SET failed = t.failed + CASE WHEN :matched::boolean THEN 0 ELSE 1 END,
           confirmed_at = CASE WHEN :matched::boolean THEN :now::timestamptz END, last_step = CASE WHEN :matched::boolean THEN :step::int END
      FROM account WHERE t.user_id = account.id AND t.id = :totpId::uuid AND t.auth_epoch = account.auth_epoch AND ${pending('t')} AND t.failed < :attemptsMax::int
    RETURNING t.id, t.user_id, :attemptsMax::int - t.failed AS attempts_left
  ), ${changeFactors('totp_enabled = true', 'FROM hit WHERE u.id = hit.user_id AND :matched::boolean')}, noted AS (
    ${recordAudit({
      event: `CASE WHEN :matched::boolean THEN ${event('totp_enrolled')} ELSE ${event('totp_enrolment_fail')} END`,
      userId: 'hit.user_id',
      sessionId: ':sessionId::uuid',
      ref: 'hit.id',
      from: 'FROM hit',
    })}
  ), ${queueNotice({ name: 'totp_enabled', from: 'FROM changed AS "to" WHERE true' })}
  SELECT CASE WHEN hit.id IS NULL THEN 'gone' WHEN :matched::boolean THEN 'confirmed' ELSE 'wrong' END AS outcome,
         hit.attempts_left AS "attemptsLeft"
    FROM account LEFT JOIN hit ON true LEFT JOIN notice_job ON true`,
);

/**
 * Uses a code up; no row when its time step or a later one was used before (A67). Binds :totpId, :totpStep and :totpSealed.
 * @param user SQL of the owner's id, whose account is locked. @param from FROM clause with its WHERE
 */
export function passTotpStep(user: string, from: string): string {
  return `UPDATE totp_secrets t SET last_step = :totpStep::int, secret_sealed = coalesce(:totpSealed::bytea, t.secret_sealed)
      ${from} AND t.user_id = ${user} AND t.id = :totpId::uuid AND t.last_step < :totpStep::int`;
}

interface RemoveParameters extends FactorChangeParameters, NoticeParameters {
  /** Whether codes can be mailed. */
  readonly mailSent: boolean;
}

export interface RemoveRow {
  readonly removed: boolean;
  /** True: nothing else proves the account. Then nothing was changed. */
  readonly isLastWayIn: boolean;
}

/** A pending app is removed without audit row and notice, because it proved nothing yet. No row: the session has ended. */
export const removeTotp = namedStatement<RemoveParameters>(
  'totp_remove',
  `WITH ${lockedAccount}, removed AS (
    DELETE FROM totp_secrets t USING account WHERE t.user_id = account.id AND NOT ${provedByAppAlone}
    RETURNING t.id, t.user_id, t.confirmed_at IS NOT NULL AS confirmed
  ), ${changeFactors('totp_enabled = false', 'FROM removed WHERE u.id = removed.user_id AND removed.confirmed')}, noted AS (
    ${recordAudit({ event: event('totp_removed'), userId: 'changed.id', sessionId: ':sessionId::uuid', ref: 'removed.id', from: 'FROM changed JOIN removed ON true' })}
  ), ${queueNotice({ name: 'totp_disabled', from: 'FROM changed AS "to" WHERE true' })}
  SELECT removed.id IS NOT NULL AS removed, ${provedByAppAlone} AS "isLastWayIn" FROM account LEFT JOIN removed ON true LEFT JOIN notice_job ON true`,
);
