// A wrong password: recorded, and counted on the account, whatever name of it was typed and however many days apart (NIST RL-2). The
// soft delays, which go by what was typed, are counted before it is looked at (password-attempts.sql.ts). Two that are judged at the same moment
// both count; the statement that accepts a right one looks at the count under the account's lock.
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { CONSECUTIVE_MAX } from '../../users/users.sql';

export interface PasswordFailureParameters extends NoticeParameters, AuditParameters {
  /** Null for a name that nobody has; the work is the same. */
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** False when the password was not looked at. */
  readonly evaluated: boolean;
  /** What it is recorded as, but for the hundredth. */
  readonly event: string;
}

export const recordPasswordFailure = namedStatement<PasswordFailureParameters>(
  'password_failure',
  `WITH counted AS (
    UPDATE users u SET password_failures = u.password_failures + 1
     WHERE u.id = :userId::uuid AND :evaluated::boolean AND u.password_failures < ${CONSECUTIVE_MAX}
    RETURNING u.id, u.phone, u.locale, u.password_failures = ${CONSECUTIVE_MAX} AS locks
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
