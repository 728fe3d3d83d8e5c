// Records a wrong password and counts it for the account, whichever of its names was typed and however many days lie between (NIST RL-2).
// Delays are counted before the password is checked (password-attempts.sql.ts): for the name that was typed or, in a session, for the sessions of the
// account; then the name is delayed from here. Two that are checked at the same moment both count. The statement that accepts a right password reads this count under the account's lock.
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { CONSECUTIVE_MAX } from '../../users/users.sql';

export interface PasswordFailureParameters extends NoticeParameters, AuditParameters {
  /** Null when no account has the identifier; the statement does the same work then. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** Key of the name whose sign-ins a wrong password in a session delays; null at a sign-in, which was counted for its name before. */
  readonly nameKey: string | null;
  /** False when the password was not checked. */
  readonly evaluated: boolean;
  /** The audit event; the hundredth failure has one of its own. */
  readonly event: string;
}

export const recordPasswordFailure = namedStatement<PasswordFailureParameters>(
  'password_failure',
  `WITH counted AS (
    UPDATE users u SET password_failures = u.password_failures + 1
     WHERE u.id = :userId::uuid AND :evaluated::boolean AND u.password_failures < ${CONSECUTIVE_MAX}
    RETURNING u.id, u.phone, u.locale, u.password_failures = ${CONSECUTIVE_MAX} AS locks
  ), named AS (
    INSERT INTO failure_budgets AS b (key, fails, consecutive, touched_at)
    SELECT :nameKey::text, ARRAY[:now::timestamptz], 1, :now::timestamptz FROM counted WHERE :nameKey::text IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET fails = ARRAY[:now::timestamptz], consecutive = b.consecutive + 1, touched_at = :now::timestamptz
  ), noted AS (
    ${recordAudit({
      event: `CASE WHEN EXISTS (SELECT FROM counted WHERE locks) THEN ${event('authn_login_lock')} ELSE :event::text END`,
      userId: ':userId::uuid',
      sessionId: ':sessionId::uuid',
      from: 'WHERE true',
    })}
  ), ${queueNotice({ name: 'password_locked', from: 'FROM counted AS "to" WHERE "to".locks' })}
  SELECT job.id FROM (SELECT 1) one LEFT JOIN notice_job job ON true`,
);
