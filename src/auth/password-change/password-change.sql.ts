// Password change: one statement replaces the password, ends everything else by the account's epoch, keeps the session that asks, and
// writes audit row and notice (N2, N11, A42). It locks the account first. The account must be as it was when the current password was
// checked, so of two parallel changes one wins.
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { forgiveFailures, withdrawChallenges } from '../credential-event.sql';
import { askingSession } from '../sessions/asking-session.sql';
import { notEnded } from '../sessions/sessions.sql';

export interface ChangePasswordParameters extends NoticeParameters, AuditParameters {
  readonly userId: string;
  readonly sessionId: string;
  readonly authEpoch: number;
  readonly passwordHash: string;
  readonly failuresKey: string;
}

/** No row: the session has ended, or another change came first. */
export const changePassword = namedStatement<ChangePasswordParameters>(
  'change_password',
  `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch FROM users u WHERE u.id = :userId::uuid AND u.status = 'active' AND u.auth_epoch = :authEpoch::int FOR NO KEY UPDATE OF u
  ), ${askingSession()}, account AS (
    UPDATE users u SET password_hash = :passwordHash, must_change_password = false, password_failures = 0, auth_epoch = u.auth_epoch + 1
      FROM asking WHERE u.id = asking.user_id AND u.auth_epoch = :authEpoch::int
    RETURNING u.id, u.auth_epoch, u.phone, u.locale
  ), kept AS (
    UPDATE sessions s SET auth_epoch = account.auth_epoch FROM account
     WHERE s.id = :sessionId::uuid AND s.auth_epoch = account.auth_epoch - 1 AND ${notEnded('s')} RETURNING s.id
  ), ${withdrawChallenges('account')}, ${forgiveFailures('account')}, noted AS (
    ${recordAudit({ event: event('authn_password_change'), userId: 'account.id', sessionId: ':sessionId::uuid', from: 'FROM account' })}
  ), ${queueNotice({ name: 'password_changed', from: 'FROM account AS "to" WHERE true' })}
  SELECT account.id FROM account LEFT JOIN notice_job ON true`,
);
