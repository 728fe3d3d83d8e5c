// A right code of a phone change gives the account its new number, unless another account has it, and ends everything but the session that
// asks (A42, N8). A number moves if its account has been idle past the limit (A98). Only somebody who has proved the number learns that it
// is taken (A73). A challenge without a session belongs to a move that an operator has begun: its code only proves the number, which moves later
// (ADR 50). Guarded by test/races/long/credentials.
import { event } from '../../audit/audit.sql';
import { queueNotice } from '../../notices/notices.sql';
import { isIdle } from '../../users/users.sql';
import { withdrawChallenges } from '../credential-event.sql';
import { freeNumber } from '../recycled-number.sql';
import { askedInSession, asks } from './asked-in-session.sql';
import type { AccountEffect } from './verify-account.sql';
import { ofRebind } from './verify-refusal.sql';

const moves = `(${asks} AND NOT EXISTS (SELECT FROM taken))`;

/** When two accounts take one number at the same moment, one runs into the unique index. Its statement has to run again, and then sees the other. */
export const movesNumber: AccountEffect = {
  whileLocked: ofRebind('k'),
  was: ', u.phone, u.locale',
  before: `${askedInSession}, taken AS (
    SELECT o.id FROM users o JOIN hit ON o.phone = hit.phone WHERE o.id <> hit.user_id AND NOT (${isIdle('o')})
  ), ${freeNumber(`FROM hit WHERE ${moves} AND o.phone = hit.phone AND o.id <> hit.user_id`)},`,
  clears: moves,
  account: `, phone = CASE WHEN ${moves} AND (SELECT count(*) FROM freed) >= 0 THEN hit.phone ELSE u.phone END,
           auth_epoch = u.auth_epoch + CASE WHEN ${moves} THEN 1 ELSE 0 END`,
  session: `UPDATE sessions s SET auth_epoch = account."authEpoch" FROM hit JOIN account ON true
     WHERE ${moves} AND s.id = hit.session_id AND s.auth_epoch = hit.auth_epoch AND s.revoked_at IS NULL RETURNING s.id`,
  after: `proved AS (
    UPDATE phone_rebinds r SET moves_at = :now::timestamptz + make_interval(hours => r.wait_hours) FROM hit JOIN account ON true
     WHERE hit.matched AND hit.session_id IS NULL AND r.user_id = hit.user_id AND r.phone = hit.phone AND r.auth_epoch = hit.auth_epoch
       AND r.moves_at IS NULL AND r.ended_at IS NULL RETURNING r.id
  ), moved AS (
    SELECT account.id, acct.phone AS old_phone, account.phone AS new_phone, acct.locale FROM hit JOIN account ON true JOIN acct ON true WHERE ${moves}
  ), ${withdrawChallenges('moved')},
  ${queueNotice({ prefix: 'old', name: 'phone_changed', from: 'FROM (SELECT id, old_phone AS phone, locale FROM moved) AS "to" WHERE true' })},
  ${queueNotice({ prefix: 'new', name: 'phone_added', email: 'NULL::text', person: '(SELECT id FROM moved)', from: 'FROM (SELECT new_phone AS phone, locale FROM moved) AS "to" WHERE true' })},`,
  joined: 'LEFT JOIN old_notice_job ON true LEFT JOIN new_notice_job ON true LEFT JOIN notice_job ON true',
  event: `CASE WHEN EXISTS (SELECT FROM proved) THEN ${event('phone_rebind_proved')} WHEN EXISTS (SELECT FROM moved) THEN ${event('phone_change_completed')}
               WHEN hit.session_id IS NULL OR ${asks} THEN ${event('phone_change_conflict')} ELSE ${event('otp_success')} END`,
  outcome: `CASE WHEN EXISTS (SELECT FROM moved) OR EXISTS (SELECT FROM proved) THEN 'ok' WHEN hit.session_id IS NULL THEN 'dead'
                 WHEN ${asks} THEN 'conflict' ELSE 'ended' END`,
  otherSessions: '0',
};
