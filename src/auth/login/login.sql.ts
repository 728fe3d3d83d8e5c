// Login: two statements (performance.md P8). The first counts the attempt and reads the account, the second locks the account and issues
// the challenge (account-challenge.sql.ts), or signs in from a trusted device (trusted-login.sql.ts). Few logins need a third: to give an
// attempt back, to store a better hash, or to draw on the reserve of a number whose counters strangers have used up.
import { namedStatement, statement } from '../../database/sql';
import type { LimitWindow } from '../../config/limit';
import { event } from '../../audit/audit.sql';
import { passwordHashColumn, provedEmail, secondFactorColumns } from '../../users/users.sql';
import type { Identifier } from '../identifiers/identifier.policy';
import { issueToAccount, type IssueToAccountParameters } from '../issuance/account-challenge.sql';
import type { IssueByMailParameters } from '../issuance/phoneless-challenge.service';
import { knownDevice, type PresentedDevice } from './trusted-login.sql';

export interface LoginRow {
  /** False while the identifier is delayed: nothing is evaluated then, and nothing was counted. */
  readonly evaluated: boolean;
  readonly userId: string | null;
  readonly phone: string | null;
  /** The proved address. */
  readonly email: string | null;
  /** Null also when a hundred wrong ones have disabled it (RL-2). */
  readonly passwordHash: string | null;
  readonly authEpoch: number | null;
  readonly mustChange: boolean | null;
  readonly totpEnabled: boolean | null;
  readonly recoveryCodesLeft: number | null;
}

export interface AttemptParameters {
  readonly lookup: string;
  readonly failuresKey: string;
  readonly now: Date;
}

/**
 * Counts the attempt before the password is looked at, known account or not, so that parallel guesses each cost one (A74);
 * a right password sets the count back. After the free failures each further attempt has to wait 1, 2, 4 .. s since the last.
 * The device is locked before the budget, in the order of the sign-in; otherwise the two statements could wait for each other.
 * @param window free failures and the longest delay in seconds; undefined when switched off
 */
function attempt<Parameters extends AttemptParameters>(
  name: string,
  match: string,
  window: LimitWindow | undefined,
  fromDevice = false,
) {
  const due =
    window === undefined
      ? 'true'
      : `b.consecutive < ${window.count} OR b.fails[1] IS NULL
         OR b.fails[1] + make_interval(secs => least(${window.seconds}, 2 ^ least(b.consecutive - ${window.count}, 30))) <= :now::timestamptz`;
  return namedStatement<Parameters>(
    name,
    `WITH ${fromDevice ? `${knownDevice(match)}, ` : ''}counted AS (
    INSERT INTO failure_budgets AS b (key, fails, consecutive, touched_at)
    SELECT :failuresKey, ARRAY[:now::timestamptz], 1, :now::timestamptz${fromDevice ? ' WHERE (SELECT count(*) FROM known) >= 0' : ''}
    ON CONFLICT (key) DO UPDATE SET fails = ARRAY[:now::timestamptz], consecutive = b.consecutive + 1, touched_at = :now::timestamptz
      WHERE ${due}${fromDevice ? ' OR EXISTS (SELECT FROM known)' : ''}
    RETURNING b.key
  )
  SELECT EXISTS (SELECT 1 FROM counted) AS evaluated,
         u.id AS "userId", u.phone, ${provedEmail('u')} AS email, ${passwordHashColumn('u')}, u.auth_epoch AS "authEpoch",
         u.must_change_password AS "mustChange", ${secondFactorColumns('u')}
    FROM (SELECT 1) one LEFT JOIN users u ON ${match} AND u.status = 'active'`,
  );
}

const matches = {
  phone: 'u.phone = :lookup',
  email: 'u.email = :lookup AND u.email_verified_at IS NOT NULL',
  id: 'u.id = :lookup::uuid',
} as const;

/** By `id` for a person who is signed in: the account is known, what is counted is the same. */
export function attemptBy(name: keyof typeof matches, window: LimitWindow | undefined) {
  return attempt<AttemptParameters>(`login_attempt_by_${name}`, matches[name], window);
}

/** With a trusted device's token; the delay does not hold it up, five times (A74). */
export function attemptFromDevice(name: Identifier['kind'], window: LimitWindow | undefined) {
  return attempt<AttemptParameters & PresentedDevice>(
    `login_attempt_by_${name}_from_device`,
    matches[name],
    window,
    true,
  );
}

/** $1 key, $2 free failures, $3 longest delay in seconds, $4 now: seconds until an attempt is evaluated again. */
export const attemptDelay = statement(
  'login_attempt_delay',
  `SELECT ceil(extract(epoch FROM b.fails[1] + make_interval(secs => least($3::int, 2 ^ least(b.consecutive - $2::int, 30))) - $4::timestamptz))::int AS seconds
     FROM failure_budgets b WHERE b.key = $1`,
);

/** Takes back an attempt that was counted and is no wrong password: nobody looked at it, or it was right and something else was in the way. */
export const giveAttemptBack = statement(
  'login_give_attempt_back',
  'UPDATE failure_budgets SET consecutive = greatest(0, consecutive - 1) WHERE key = $1',
);

/** @param windows LIMIT_FACTOR_ACCOUNT */
export function issueLogin(windows: readonly LimitWindow[]) {
  return issueToAccount<IssueToAccountParameters>('issue_login', windows, { event: event('login_challenged') });
}

/** The same for an account without a number. @param windows LIMIT_FACTOR_ACCOUNT */
export function issuePhonelessLogin(windows: readonly LimitWindow[]) {
  const parts = { event: event('login_challenged'), mailTo: 'own' } as const;
  return issueToAccount<IssueByMailParameters>('issue_phoneless_login', windows, parts);
}
