// The statements of an account's address, except the one that proves it (verify-email-change.sql.ts). A proved address is a login name and a way to
// recover the account. So removing it is a credential event: it ends everything but the session that asks (A42), and phone and address are told. A
// note is neither, so nothing ends with it. An account without a number keeps its proved address (ADR 66).
import { event, recordAudit } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { namedStatement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import type { EmailIssueParameters } from '../../otp/email-challenges.service';
import { accountColumns } from '../../users/users.sql';
import type { UserAccount } from '../../users/users.types';
import { issueToAccount, type IssueToAccountParameters } from '../issuance/account-challenge.sql';
import { withdrawChallenges } from '../credential-event.sql';
import { type FactorChangeParameters, lockedAccount } from '../factor-change.sql';
import { namedByAddress } from '../last-way-in.sql';
import { notEnded } from '../sessions/sessions.sql';

/** A newer challenge replaces the older one, so only one change waits at a time. @param windows LIMIT_FACTOR_ACCOUNT */
export function issueEmailChange(windows: readonly LimitWindow[]) {
  return issueToAccount<IssueToAccountParameters & EmailIssueParameters>('issue_email_change', windows, {
    event: event('email_change_requested'),
    condition: 'u.auth_epoch = :authEpoch::int',
    mailTo: 'new',
  });
}

type Parameters = FactorChangeParameters & NoticeParameters;

export interface ReplacedRow extends UserAccount {
  /** True: this address is the account's only name. Then nothing was changed, and the row has no account. */
  readonly isLastWayIn: boolean;
}

/** @param email SQL of the new value of the address. No row: the session has ended */
function replaceProved(name: string, email: string, recorded: string) {
  return namedStatement<Parameters & { readonly email?: string }>(
    name,
    `WITH ${lockedAccount}, changed AS (
    UPDATE users u SET email = ${email}, email_verified_at = NULL, auth_epoch = u.auth_epoch + (account.proved_email IS NOT NULL)::int
      FROM account WHERE u.id = account.id AND NOT ${namedByAddress}
    RETURNING ${accountColumns('u')}, u.auth_epoch, account.email AS before, account.proved_email
  ), lost AS (
    SELECT id, auth_epoch, phone, locale, proved_email FROM changed WHERE proved_email IS NOT NULL
  ), kept AS (
    UPDATE sessions s SET auth_epoch = lost.auth_epoch FROM lost
     WHERE s.id = :sessionId::uuid AND s.auth_epoch = lost.auth_epoch - 1 AND ${notEnded('s')} RETURNING s.id
  ), ${withdrawChallenges('lost')}, dropped AS (
    UPDATE otp_attempts c SET revoked_at = :now::timestamptz FROM changed
     WHERE changed.proved_email IS NULL AND c.subject_id = changed.id AND c.purpose = 'email_change' AND c.consumed_at IS NULL
       AND c.revoked_at IS NULL AND c.expires_at > :now::timestamptz
  ), noted AS (
    ${recordAudit({ event: recorded, userId: 'changed.id', sessionId: ':sessionId::uuid', from: 'FROM changed WHERE changed.before IS DISTINCT FROM changed.email' })}
  ), ${queueNotice({
    name: 'email_removed',
    email: '"to".proved_email',
    person: '(SELECT id FROM lost)',
    from: 'FROM lost AS "to" WHERE true',
  })}
  SELECT ${namedByAddress} AS "isLastWayIn", changed.* FROM account LEFT JOIN changed ON true LEFT JOIN notice_job ON true`,
  );
}

/** Removes the address, and one that waits to be proved. */
export const removeEmail = replaceProved('remove_email', 'NULL', event('email_removed'));

/** Replaces the address by one that is only a note. */
export const noteEmail = replaceProved('note_email', ':email', event('email_noted'));
