// A right code of an e-mail change makes the address the account's proved one, unless another account has proved it. It ends everything but
// the session that asks, because the address is a login name and a way to recover the account (A42). Only somebody who has proved the
// address learns that it is taken (A73). The phone, the former address and the new one are told. Guarded by test/races/long/emails.
import { event } from '../../audit/audit.sql';
import { queueNotice } from '../../notices/notices.sql';
import { provedEmail } from '../../users/users.sql';
import { withdrawChallenges } from '../credential-event.sql';
import { askedInSession, asks } from './asked-in-session.sql';
import type { AccountEffect } from './verify-account.sql';

const moves = `(${asks} AND NOT EXISTS (SELECT FROM taken))`;
const changed = { name: 'email_changed', when: '"to".had' } as const;

/**
 * When two accounts prove one address at the same moment, one runs into the unique index. Its statement has to run again, and then sees the
 * other.
 */
export const provesAddress: AccountEffect = {
  was: `, u.locale, ${provedEmail('u')} AS proved_email`,
  before: `${askedInSession}, taken AS (
    SELECT o.id FROM users o JOIN hit ON o.email = hit.email WHERE o.id <> hit.user_id AND o.email_verified_at IS NOT NULL
  ),`,
  clears: moves,
  account: `, email = CASE WHEN ${moves} THEN hit.email ELSE u.email END,
           email_verified_at = CASE WHEN ${moves} THEN :now::timestamptz ELSE u.email_verified_at END,
           auth_epoch = u.auth_epoch + CASE WHEN ${moves} THEN 1 ELSE 0 END`,
  session: `UPDATE sessions s SET auth_epoch = account."authEpoch" FROM hit JOIN account ON true
     WHERE ${moves} AND s.id = hit.session_id AND s.auth_epoch = hit.auth_epoch AND s.revoked_at IS NULL RETURNING s.id`,
  after: `moved AS (
    SELECT account.id, account.phone, acct.proved_email AS old_email, acct.proved_email IS NOT NULL AS had, account.email AS new_email,
           acct.locale FROM hit JOIN account ON true JOIN acct ON true WHERE ${moves}
  ), ${withdrawChallenges('moved')},
  ${queueNotice({
    prefix: 'old',
    name: 'email_added',
    otherwise: changed,
    email: '"to".old_email',
    person: '(SELECT id FROM moved)',
    from: 'FROM moved AS "to" WHERE true',
  })},
  ${queueNotice({
    prefix: 'new',
    name: 'email_added',
    otherwise: changed,
    email: '"to".new_email',
    person: '(SELECT id FROM moved)',
    from: 'FROM (SELECT NULL::text AS phone, new_email, had, locale FROM moved) AS "to" WHERE true',
  })},`,
  joined: 'LEFT JOIN old_notice_job ON true LEFT JOIN new_notice_job ON true',
  event: `CASE WHEN EXISTS (SELECT FROM moved) THEN ${event('email_change_completed')}
               WHEN ${asks} THEN ${event('email_change_conflict')} ELSE ${event('otp_success')} END`,
  outcome: `CASE WHEN EXISTS (SELECT FROM moved) THEN 'ok' WHEN ${asks} THEN 'conflict' ELSE 'ended' END`,
  otherSessions: '0',
};
