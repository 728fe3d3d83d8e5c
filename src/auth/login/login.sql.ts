// Login: two statements at most (performance.md P8). The first reads the account and the identifier's failures, the second
// locks the account and issues the challenge, superseding the older one (protocol.md 7). A refusal leaves the older one intact.
import { namedStatement, statement } from '../../database/sql';
import type { LimitWindow } from '../../config/limit';
import { event, recordAudit } from '../../audit/audit.sql';
import { windowsOpen } from '../../limits/limits.sql';
import { issueChallenge, IssueParameters } from '../../otp/otp.sql';
import { CONSECUTIVE_MAX } from '../../users/users.sql';

export interface LoginRow {
  readonly userId: string | null;
  readonly phone: string | null;
  readonly passwordHash: string | null;
  readonly authEpoch: number | null;
  readonly failures: number;
  readonly lastFailureAt: Date | null;
}

const read = (name: string, match: string) =>
  statement(
    name,
    `SELECT u.id AS "userId", u.phone, u.password_hash AS "passwordHash", u.auth_epoch AS "authEpoch",
            coalesce(b.consecutive, 0) AS failures, b.fails[1] AS "lastFailureAt"
       FROM (SELECT 1) one LEFT JOIN users u ON ${match} AND u.status = 'active' LEFT JOIN failure_budgets b ON b.key = $2`,
  );

export const readByPhone = read('login_read_by_phone', 'u.phone = $1');
export const readByEmail = read('login_read_by_email', 'u.email = $1 AND u.email_verified_at IS NOT NULL');

/** Exact under parallel guesses: the row is counted in place. */
export const recordFailure = namedStatement<{
  key: string;
  now: Date;
  userId: string | null;
  requestId: string | null;
  address: string | null;
}>(
  'login_record_failure',
  `WITH counted AS (
    INSERT INTO failure_budgets AS b (key, fails, consecutive, touched_at) VALUES (:key, ARRAY[:now::timestamptz], 1, :now::timestamptz)
    ON CONFLICT (key) DO UPDATE SET fails = ARRAY[:now::timestamptz], consecutive = b.consecutive + 1, touched_at = :now::timestamptz
  ) ${recordAudit({ event: event('authn_login_fail'), userId: ':userId::uuid', from: '' })}`,
);

export interface IssueLoginParameters extends IssueParameters {
  readonly authEpoch: number;
  readonly failuresKey: string;
}

/** @param windows LIMIT_FACTOR_ACCOUNT: with a locked second factor the answer is the same, but nothing is sent */
export function issueLogin(windows: readonly LimitWindow[]) {
  return namedStatement<IssueLoginParameters>(
    'issue_login',
    `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, (${windowsOpen('u.second_factor_fails', windows, ':now')} AND u.second_factor_consecutive < ${CONSECUTIVE_MAX}) AS open
      FROM users u WHERE u.id = :subjectId::uuid AND u.status = 'active' FOR NO KEY UPDATE OF u
  ), ${issueChallenge({
    gate: 'EXISTS (SELECT 1 FROM acct)',
    epoch: ':authEpoch::int',
    decoy: 'false',
    budgetKey: 'NULL',
    sendAt: ':now::timestamptz',
    source: `CASE WHEN (SELECT open FROM acct) THEN 'code' ELSE 'locked_notice' END`,
  })}, superseded AS (
    UPDATE otp_attempts c SET revoked_at = :now::timestamptz FROM made
     WHERE c.subject_id = :subjectId::uuid AND c.purpose = :purpose AND c.id <> made.id AND (SELECT open FROM acct)
       AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > :now::timestamptz
  ), forgiven AS (
    UPDATE failure_budgets b SET consecutive = 0, fails = '{}', touched_at = :now::timestamptz FROM acct
     WHERE b.key = :failuresKey AND b.consecutive > 0
  ), noted AS (
    ${recordAudit({ event: event('login_challenged'), userId: ':subjectId::uuid', ref: 'made.id', from: 'FROM made' })}
  )
  SELECT made.id IS NOT NULL AS granted, made.resend_at AS "resendAt", look.retry_after_seconds::float8 AS "retryAfterSeconds", job.id AS "jobId"
    FROM look LEFT JOIN made ON true LEFT JOIN job ON true`,
  );
}
