// Registration: one statement stores the registration, its challenge and its job, or nothing (design D1, D5, protocol.md 4 and 7). A taken
// number gets a decoy, with the same rows, job, counters and answer (A55). Only this statement decides whether it is taken.
import { namedStatement } from '../../database/sql';
import { event, recordAudit } from '../../audit/audit.sql';
import { issueChallenge, issueOutcome, IssueParameters, turnInTime } from '../../otp/issue-challenge.sql';
import { isIdle } from '../../users/users.sql';
import { openBudget } from '../failure-budgets.sql';

export interface RegisterParameters extends IssueParameters {
  readonly budgetKey: string;
  /** PHONE_IDLE_DAYS. */
  readonly idleDays: number;
  readonly passwordHash: string;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly inviteId: string | null;
  readonly termsVersion: string | null;
}

const taken = `EXISTS (SELECT 1 FROM users u WHERE u.phone = :phone AND NOT (${isIdle('u')}))`;

export const issueRegistration = namedStatement<RegisterParameters>(
  'issue_registration',
  `WITH ${issueChallenge({
    gate: turnInTime,
    epoch: '0',
    decoy: taken,
    budgetKey: ':budgetKey',
    sendAt: '(SELECT at FROM turn)',
    source: "'code'",
    toldAt: `(SELECT u.email FROM users u WHERE u.phone = :phone AND u.email_verified_at IS NOT NULL AND ${taken})`,
    // What a stranger has asked for tells what the code would cost; who is told of the attempt reads it in their own language.
    toldIn: `(SELECT u.locale FROM users u WHERE u.phone = :phone AND ${taken})`,
  })}, registered AS (
    INSERT INTO registrations (id, phone, password_hash, email, display_name, locale, created_at, invite_id, terms_version)
    SELECT :subjectId::uuid, :phone, :passwordHash, :email, :displayName, :locale, :now::timestamptz, :inviteId::uuid, :termsVersion FROM made
  ), ${openBudget}, noted AS (
    ${recordAudit({ event: event('registration_requested'), ref: 'made.id', aboutPhone: true, from: 'FROM made' })}
  )
  ${issueOutcome()}`,
);
