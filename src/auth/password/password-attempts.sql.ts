// Counts an attempt at a password before the password is checked: at login, and inside a session before something sensitive.
import type { LimitWindow } from '../../config/limit';
import { namedStatement, statement } from '../../database/sql';
import { passwordHashColumn, provedEmail, secondFactorColumns } from '../../users/users.sql';

/** What an attempt finds. The columns of the account are null when no account has the identifier. */
export interface AttemptRow {
  /** False while the identifier, or the sessions of the account, are delayed. Then the password must not be checked, and the attempt was not counted. */
  readonly evaluated: boolean;
  readonly userId: string | null;
  readonly phone: string | null;
  /** The proved address. */
  readonly email: string | null;
  /** Null also when a hundred wrong passwords in a row have locked it (RL-2). */
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
 * Counts the attempt, whether there is an account or not, before the password is checked. So each of several parallel guesses counts (A74). A right
 * password resets the count. After the free failures, each further attempt must wait 1, 2, 4 .. s after the last one.
 * @param window free failures, and the longest delay in seconds; undefined when the limit is off
 * @param known CTE `known`, followed by a comma: where it has a row, the delay does not hold the attempt up
 */
export function attempt<Parameters extends AttemptParameters>(
  name: string,
  match: string,
  window: LimitWindow | undefined,
  known = '',
) {
  const due =
    window === undefined
      ? 'true'
      : `b.consecutive < ${window.count} OR b.fails[1] IS NULL
         OR b.fails[1] + make_interval(secs => least(${window.seconds}, 2 ^ least(b.consecutive - ${window.count}, 30))) <= :now::timestamptz`;
  return namedStatement<Parameters>(
    name,
    `WITH ${known}counted AS (
    INSERT INTO failure_budgets AS b (key, fails, consecutive, touched_at)
    SELECT :failuresKey, ARRAY[:now::timestamptz], 1, :now::timestamptz${known === '' ? '' : ' WHERE (SELECT count(*) FROM known) >= 0'}
    ON CONFLICT (key) DO UPDATE SET fails = ARRAY[:now::timestamptz], consecutive = b.consecutive + 1, touched_at = :now::timestamptz
      WHERE ${due}${known === '' ? '' : ' OR EXISTS (SELECT FROM known)'}
    RETURNING b.key
  )
  SELECT EXISTS (SELECT 1 FROM counted) AS evaluated,
         u.id AS "userId", u.phone, ${provedEmail('u')} AS email, ${passwordHashColumn('u')}, u.auth_epoch AS "authEpoch",
         u.must_change_password AS "mustChange", ${secondFactorColumns('u')}
    FROM (SELECT 1) one LEFT JOIN users u ON ${match} AND u.status = 'active'`,
  );
}

/** SQL conditions on the account row u, by the way that the account is named. */
export const namedBy = {
  phone: 'u.phone = :lookup',
  email: 'u.email = :lookup AND u.email_verified_at IS NOT NULL',
  id: 'u.id = :lookup::uuid',
} as const;

/** @param name `id` for a person who is signed in: the account is known then, and the same is counted, under a key of its sessions */
export function attemptBy(name: keyof typeof namedBy, window: LimitWindow | undefined) {
  return attempt<AttemptParameters>(`login_attempt_by_${name}`, namedBy[name], window);
}

/** $1 key, $2 free failures, $3 longest delay in seconds, $4 now. Gives the seconds until a password is checked again. */
export const attemptDelay = statement(
  'login_attempt_delay',
  `SELECT ceil(extract(epoch FROM b.fails[1] + make_interval(secs => least($3::int, 2 ^ least(b.consecutive - $2::int, 30))) - $4::timestamptz))::int AS seconds
     FROM failure_budgets b WHERE b.key = $1`,
);

/** Takes back an attempt that was counted and was no wrong password: it was not checked, or it was right and something else prevented the login. */
export const giveAttemptBack = statement(
  'login_give_attempt_back',
  'UPDATE failure_budgets SET consecutive = greatest(0, consecutive - 1) WHERE key = $1',
);
