// What all changes of a second factor share. The account is locked first, and the session that asks must still belong to it. With the change the
// account's epoch grows by one, and so does that of the session that asks. Everything else with the old epoch is dead (A42, D9a).
import type { AuditParameters } from '../audit/audit.sql';
import { provedEmail } from '../users/users.sql';
import { withdrawChallenges } from './credential-event.sql';
import { askingSession } from './sessions/asking-session.sql';
import { notEnded } from './sessions/sessions.sql';

export interface FactorChangeParameters extends AuditParameters {
  readonly userId: string;
  readonly sessionId: string;
}

/**
 * CTEs `acct`, `asking` and `account(id, auth_epoch, totp_enabled, recovery_codes_left, phone, locale, email, proved_email)`. The account is locked;
 * `account` is empty when the session has ended. Binds :userId, :sessionId and :now.
 */
export const lockedAccount = `acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, u.totp_enabled, u.recovery_codes_left, u.phone, u.locale, u.email, ${provedEmail('u')} AS proved_email
      FROM users u WHERE u.id = :userId::uuid AND u.status = 'active' FOR NO KEY UPDATE OF u
  ), ${askingSession()}, account AS MATERIALIZED (
    SELECT acct.* FROM acct JOIN asking ON true
  )`;

/**
 * CTEs `changed(id, auth_epoch, phone, locale)`, `kept` and `withdrawn`.
 * @param set assignments to the account row u
 * @param from FROM clause with a WHERE that joins u to what was changed; at most one row
 */
export function changeFactors(set: string, from: string): string {
  return `changed AS (
    UPDATE users u SET ${set}, auth_epoch = u.auth_epoch + 1 ${from} RETURNING u.id, u.auth_epoch, u.phone, u.locale
  ), kept AS (
    UPDATE sessions s SET auth_epoch = changed.auth_epoch FROM changed
     WHERE s.id = :sessionId::uuid AND s.auth_epoch = changed.auth_epoch - 1 AND ${notEnded('s')} RETURNING s.id
  ), ${withdrawChallenges('changed')}`;
}
