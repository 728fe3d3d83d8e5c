// Login: two statements at most (performance.md P8). The first counts the attempt and reads the account, the second
// locks the account and issues the challenge, superseding the older one (protocol.md 7). A refusal leaves the older one intact.
import { namedStatement, statement } from '../../database/sql';
import type { LimitWindow } from '../../config/limit';
import { event, recordAudit } from '../../audit/audit.sql';
import { windowsOpen } from '../../limits/limits.sql';
import { issueChallenge, issueOutcome, IssueParameters } from '../../otp/otp.sql';
import { CONSECUTIVE_MAX } from '../../users/users.sql';

export interface LoginRow {
  /** False while the identifier is delayed: nothing is evaluated then, and nothing was counted. */
  readonly evaluated: boolean;
  readonly userId: string | null;
  readonly phone: string | null;
  readonly passwordHash: string | null;
  readonly authEpoch: number | null;
}

export interface AttemptParameters {
  readonly lookup: string;
  readonly failuresKey: string;
  readonly now: Date;
}

/**
 * Counts the attempt before the password is looked at, known account or not, so that parallel guesses each cost one (A74);
 * a right password sets the count back. After the free failures each further attempt has to wait 1, 2, 4 .. s since the last.
 * @param window free failures and the longest delay in seconds; undefined when switched off
 */
function attempt(name: string, match: string, window: LimitWindow | undefined) {
  const due =
    window === undefined
      ? 'true'
      : `b.consecutive < ${window.count} OR b.fails[1] IS NULL
         OR b.fails[1] + make_interval(secs => least(${window.seconds}, 2 ^ least(b.consecutive - ${window.count}, 30))) <= :now::timestamptz`;
  return namedStatement<AttemptParameters>(
    name,
    `WITH counted AS (
    INSERT INTO failure_budgets AS b (key, fails, consecutive, touched_at)
    VALUES (:failuresKey, ARRAY[:now::timestamptz], 1, :now::timestamptz)
    ON CONFLICT (key) DO UPDATE SET fails = ARRAY[:now::timestamptz], consecutive = b.consecutive + 1, touched_at = :now::timestamptz
      WHERE ${due}
    RETURNING b.key
  )
  SELECT EXISTS (SELECT 1 FROM counted) AS evaluated,
         u.id AS "userId", u.phone, u.password_hash AS "passwordHash", u.auth_epoch AS "authEpoch"
    FROM (SELECT 1) one LEFT JOIN users u ON ${match} AND u.status = 'active'`,
  );
}

export function attemptByPhone(window: LimitWindow | undefined) {
  return attempt('login_attempt_by_phone', 'u.phone = :lookup', window);
}

export function attemptByEmail(window: LimitWindow | undefined) {
  return attempt('login_attempt_by_email', 'u.email = :lookup AND u.email_verified_at IS NOT NULL', window);
}

/** An attempt that was counted and then not evaluated, because too many hashes were under way. */
export const giveAttemptBack = statement(
  'login_give_attempt_back',
  'UPDATE failure_budgets SET consecutive = greatest(0, consecutive - 1) WHERE key = $1',
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
    SELECT u.id, u.auth_epoch, u.locale, (${windowsOpen('u.second_factor_fails', windows, ':now')} AND u.second_factor_consecutive < ${CONSECUTIVE_MAX}) AS open
      FROM users u WHERE u.id = :subjectId::uuid AND u.status = 'active' FOR NO KEY UPDATE OF u
  ), ${issueChallenge({
    gate: 'EXISTS (SELECT 1 FROM acct)',
    epoch: ':authEpoch::int',
    decoy: 'false',
    budgetKey: 'NULL',
    locale: 'coalesce(:locale::text, (SELECT locale FROM acct))',
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
  ${issueOutcome}`,
  );
}
