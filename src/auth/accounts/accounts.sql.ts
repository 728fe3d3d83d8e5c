// What an operator reads and changes of an account. A change locks the account first and raises its auth epoch, so that nothing made before lives
// on, not even what is being made at this moment (D9a). No row: there is no such account, or it is in that state already.
import { namedStatement, statement } from '../../database/sql';
import { accountColumns, CONSECUTIVE_MAX, provedEmail } from '../../users/users.sql';
import { withdrawChallenges } from '../credential-event.sql';

const columns = `${accountColumns('u')}, u.status, u.last_authenticated_at AS "lastAuthenticatedAt",
    u.must_change_password AS "mustChangePassword", u.password_failures >= ${CONSECUTIVE_MAX} AS "passwordLocked",
    u.second_factor_consecutive >= ${CONSECUTIVE_MAX} AS "secondFactorLocked"`;

function page(name: string, match: string) {
  return statement(name, `SELECT ${columns} FROM users u WHERE ${match} AND u.id > $2::uuid ORDER BY u.id LIMIT $3`);
}

/** $1 what to look for (ignored by `all`), $2 the id before the first, $3 how many. In the order of ids, that is by age. */
export const accountPages = {
  id: page('accounts_by_id', 'u.id = $1::uuid'),
  phone: page('accounts_by_phone', 'u.phone = $1'),
  email: page('accounts_by_email', 'u.email = $1'),
  all: page('accounts_all', '$1::text IS NULL'),
};

interface ChangeParameters {
  readonly userId: string;
  readonly now: Date;
}

/** @param set further assignments beside the epoch, each followed by a comma @param unless SQL: true when the account is in that state already */
function ending(name: string, set: string, unless: string) {
  return namedStatement<ChangeParameters>(
    name,
    `WITH account AS (
    UPDATE users u SET ${set} auth_epoch = u.auth_epoch + 1 WHERE u.id = :userId::uuid AND NOT (${unless}) RETURNING u.id
  ), ${withdrawChallenges('account')}
  SELECT id FROM account`,
  );
}

export const accountChanges = {
  disable: ending('account_disable', `status = 'disabled',`, `u.status = 'disabled'`),
  /** Leaves the epoch raised, so what was ended stays ended. */
  enable: namedStatement<ChangeParameters>(
    'account_enable',
    `UPDATE users u SET status = 'active' WHERE u.id = :userId::uuid AND u.status = 'disabled' RETURNING u.id`,
  ),
  demandPasswordChange: ending('account_demand_password_change', 'must_change_password = true,', 'false'),
  endSessions: ending('account_end_sessions', '', 'false'),
  /** The failures of the last day still count, and challenges that a guesser holds end. */
  reopenSecondFactor: ending(
    'account_reopen_second_factor',
    'second_factor_consecutive = 0,',
    `u.second_factor_consecutive < ${CONSECUTIVE_MAX}`,
  ),
};

export interface LockedAccount {
  readonly id: string;
  readonly phone: string | null;
  /** The proved address. */
  readonly email: string | null;
  readonly locale: string | null;
  readonly authEpoch: number;
  readonly status: 'active' | 'disabled';
}

/** $1 user id. Must be the first statement of a transaction that changes the account. */
export const lockAccount = statement(
  'account_lock',
  `SELECT u.id, u.phone, ${provedEmail('u')} AS email, u.locale, u.auth_epoch AS "authEpoch", u.status FROM users u WHERE u.id = $1 FOR NO KEY UPDATE`,
);
