// Issues a challenge for a known account: after a right password, or from inside a session. One statement locks the account, takes the counters,
// stores the challenge, supersedes the older one of its purpose and forgives earlier wrong passwords (protocol.md 7). When it refuses, it writes
// nothing, and the older challenge stays. So it does when nothing is sent (design.md section 2): whoever knows the password could end the owner's
// sign-ins unnoticed, as often as he likes. Guesses count for the account, over all its challenges.
import { recordAudit } from '../../audit/audit.sql';
import type { LimitWindow } from '../../config/limit';
import { namedStatement, type NamedStatement, statement } from '../../database/sql';
import { windowsOpen } from '../../limits/limits.sql';
import { issueChallenge, issueOutcome, type IssueParameters } from '../../otp/issue-challenge.sql';
import { CONSECUTIVE_MAX, provedEmail } from '../../users/users.sql';
import { forgiveFailures } from '../credential-event.sql';

/** The failuresKey of a change of number or address, which asks for no password. */
export const NOTHING_FORGIVEN = '';

export interface IssueToAccountParameters extends IssueParameters {
  /** As it was read together with the password. If it has changed since, the challenge is dead from the start. */
  readonly authEpoch: number;
  /** Key of the wrong passwords to be forgiven; NOTHING_FORGIVEN where no password was asked for. */
  readonly failuresKey: string;
}

export interface AccountOfSession {
  readonly phone: string | null;
  readonly provedEmail: string | null;
  readonly authEpoch: number;
}

/** $1 user id, $2 session id. What a change from inside that session starts from; no row when the session has ended. */
export const accountOfSession = statement(
  'account_of_session',
  `SELECT u.phone, ${provedEmail('u')} AS "provedEmail", u.auth_epoch AS "authEpoch"
     FROM users u JOIN sessions s ON s.user_id = u.id AND s.auth_epoch = u.auth_epoch
    WHERE u.id = $1 AND s.id = $2 AND s.revoked_at IS NULL AND u.status = 'active'`,
);

interface Parts {
  /** SQL of the audit event. */
  readonly event: string;
  /** SQL condition on the account row u. Where it is false nothing happens. */
  readonly condition?: string;
  /**
   * Sends the code by mail to :email, which is the account's `own` address or a `new` one. A challenge to a new address is issued even when
   * the second factor is locked: the refusal shows when the code is entered.
   */
  readonly mailTo?: 'own' | 'new';
  /** A code by message is sent while the second factor is locked as well. */
  readonly isSentWhileLocked?: true;
}

/** SQL condition: no parallel attempt has recorded the hundredth wrong password (RL-2) since this right one was checked. */
const passwordOpen = `(:failuresKey::text = '${NOTHING_FORGIVEN}' OR u.password_failures < ${CONSECUTIVE_MAX})`;

/** @param windows LIMIT_FACTOR_ACCOUNT. While the second factor is locked the answer is the same, and no code is sent */
export function issueToAccount<Parameters extends IssueToAccountParameters>(
  name: string,
  windows: readonly LimitWindow[],
  parts: Parts,
): NamedStatement<Parameters> {
  const sentBy = parts.mailTo === undefined ? 'message' : 'mail';
  const isAlwaysSent = parts.mailTo === 'new' || parts.isSentWhileLocked === true;
  return namedStatement<Parameters>(
    name,
    `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch, u.locale, ${provedEmail('u')} AS email, (${windowsOpen('u.second_factor_fails', windows, ':now')} AND u.second_factor_consecutive < ${CONSECUTIVE_MAX}) AS open
      FROM users u WHERE u.id = :subjectId::uuid AND u.status = 'active' AND ${passwordOpen} AND ${parts.condition ?? 'true'} FOR NO KEY UPDATE OF u
  ), ${issueChallenge({
    gate: 'EXISTS (SELECT 1 FROM acct)',
    epoch: ':authEpoch::int',
    decoy: 'false',
    budgetKey: 'NULL',
    locale: 'coalesce(:locale::text, (SELECT locale FROM acct))',
    sendAt: ':now::timestamptz',
    source: isAlwaysSent ? `'code'` : `CASE WHEN (SELECT open FROM acct) THEN 'code' ELSE 'locked_notice' END`,
    sentBy,
    ...(!isAlwaysSent && { toldAt: '(SELECT email FROM acct WHERE NOT open)' }),
  })}, superseded AS (
    UPDATE otp_attempts c SET revoked_at = :now::timestamptz FROM made
     WHERE c.subject_id = :subjectId::uuid AND c.purpose = :purpose AND c.id <> made.id AND :sendsAtOnce::boolean ${isAlwaysSent ? '' : 'AND (SELECT open FROM acct)'}
       AND c.consumed_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > :now::timestamptz
  ), ${forgiveFailures('acct')}, forgiven_account AS (
    UPDATE users u SET password_failures = 0 FROM acct WHERE u.id = acct.id AND u.password_failures > 0 AND :failuresKey::text <> '${NOTHING_FORGIVEN}'
  ), noted AS (
    ${recordAudit({ event: parts.event, userId: ':subjectId::uuid', sessionId: ':boundSessionId::uuid', ref: 'made.id', aboutPhone: true, from: 'FROM made' })}
  )
  ${issueOutcome(sentBy)}`,
  );
}
