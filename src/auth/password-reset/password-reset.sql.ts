// The statements of a password reset. Invariants: known, unknown and refused identifiers write the same rows, counters and job (A55). A
// reset is applied once, and only if the account's epoch is the same as when the code was asked for; everything that stood before is dead
// with it (A42, N2).
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { issueChallenge, issueOutcome, type IssueParameters, turnInTime } from '../../otp/issue-challenge.sql';
import { isIdle, provedEmail } from '../../users/users.sql';
import { forgiveFailures, withdrawChallenges } from '../credential-event.sql';
import { openBudget } from '../failure-budgets.sql';

export interface ForgottenRow {
  /** All columns of the account are null where there is none, or none that a code alone may recover. */
  readonly userId: string | null;
  readonly phone: string | null;
  readonly authEpoch: number | null;
  readonly locale: string | null;
  /** The proved address. */
  readonly email: string | null;
}

interface FindParameters {
  readonly lookup: string;
  /** Whether mail can be sent. */
  readonly mails: boolean;
  readonly now: Date;
  /** PHONE_IDLE_DAYS. */
  readonly idleDays: number;
}

/**
 * The number of an idle account may have gone to somebody else (A98). So the phone alone does not recover it: it needs a second factor or a proved
 * address.
 */
function find(name: string, match: string) {
  return namedStatement<FindParameters>(
    name,
    `SELECT u.id AS "userId", u.phone, u.auth_epoch AS "authEpoch", u.locale, ${provedEmail('u')} AS email
       FROM (SELECT 1) one LEFT JOIN users u ON ${match} AND u.status = 'active' AND u.phone IS NOT NULL
        AND (NOT (${isIdle('u')}) OR u.totp_enabled OR u.recovery_codes_left > 0
             OR (:mails::boolean AND u.email_verified_at IS NOT NULL))`,
  );
}

/** Always one row, whether there is an account or not. */
export const findForgotten = {
  phone: find('forgotten_by_phone', 'u.phone = :lookup'),
  email: find('forgotten_by_email', 'u.email = :lookup AND u.email_verified_at IS NOT NULL'),
};

export interface IssueResetParameters extends IssueParameters {
  readonly known: boolean;
  readonly authEpoch: number;
  readonly budgetKey: string;
  /** The address that a second code goes to, which the reset then needs as well. Null for an account without a proved address, and for a decoy. */
  readonly email: string | null;
  /** Whether mail can be sent. If so, a job for a mail is queued, whether there is an account or not (A55). */
  readonly mails: boolean;
}

/** Takes counters like any other challenge. When they refuse, this statement stores a decoy, without counters. */
export const issueReset = namedStatement<IssueResetParameters>(
  'issue_reset',
  `WITH ${issueChallenge({
    gate: turnInTime,
    epoch: ':authEpoch::int',
    decoy: 'NOT :known::boolean',
    budgetKey: ':budgetKey',
    sendAt: 'coalesce((SELECT at FROM turn), :now::timestamptz)',
    source: "'code'",
    sentBy: 'both',
  })}, ${openBudget}, noted AS (
    ${recordAudit({
      event: event('password_reset_requested'),
      userId: 'CASE WHEN :known::boolean THEN :subjectId::uuid END',
      ref: 'made.id',
      aboutPhone: true,
      from: 'FROM made',
    })}
  )
  ${issueOutcome('both')}`,
);

export interface ApplyResetParameters extends NoticeParameters, AuditParameters {
  readonly challengeId: string;
  /**
   * No second factor was needed. Then changes of the account must wait (security.md 5.11), and the failures of the hour and day are forgotten: only
   * who knew the old password could make them. Those of an app go on counting, since resets take guesses at it as well (OBV-7).
   */
  readonly byCodeAlone: boolean;
  readonly passwordHash: string;
  /** Keys of the wrong passwords: one for each name of the account, and that of its sessions. */
  readonly failuresKeys: readonly string[];
  /** Key of the messages of the account. Somebody who knew the old password may have used them up, and the owner has still to sign in. */
  readonly messagesKey: string;
}

/** Must run within 30 s of its code. No row: the account has changed meanwhile, for example by another reset. */
export const applyReset = namedStatement<ApplyResetParameters>(
  'apply_reset',
  `WITH account AS (
    UPDATE users u SET password_hash = :passwordHash, must_change_password = false, password_failures = 0,
           recovered_at = CASE WHEN :byCodeAlone::boolean THEN :now::timestamptz ELSE u.recovered_at END,
           second_factor_fails = CASE WHEN :byCodeAlone::boolean THEN '{}' ELSE u.second_factor_fails END,
           second_factor_consecutive = 0, last_authenticated_at = :now::timestamptz, auth_epoch = u.auth_epoch + 1
      FROM otp_attempts c
     WHERE c.id = :challengeId::uuid AND c.purpose = 'reset' AND c.consumed_at > :now::timestamptz - interval '30 seconds'
       AND u.id = c.subject_id AND u.auth_epoch = c.auth_epoch AND u.status = 'active'
    RETURNING u.id, u.phone, u.locale
  ), ${withdrawChallenges('account')}, ${forgiveFailures('account', '= ANY (:failuresKeys::text[])')}, uncounted AS (
    UPDATE rate_limits r SET hits = '{}' FROM account WHERE r.key = :messagesKey
  ), noted AS (
    ${recordAudit({ event: event('password_reset_completed'), userId: 'account.id', ref: ':challengeId::uuid', from: 'FROM account' })}
  ), ${queueNotice({ name: 'password_reset', from: 'FROM account AS "to" WHERE true' })}
  SELECT account.id FROM account LEFT JOIN notice_job ON true`,
);
