// A right code of a step-up renews auth_time and amr of the session that asked, and nothing else. It reads the newest version of the
// session: one that has ended meanwhile stays ended, and the code is used up (N4, N5).
import { event } from '../../audit/audit.sql';
import type { AccountEffect } from './verify-account.sql';
import { notEnded } from '../sessions/sessions.sql';

export const renewsSession: AccountEffect = {
  session: `UPDATE sessions s SET authenticated_at = :now::timestamptz, amr = :amr::text[], last_used_at = :now::timestamptz FROM hit
     WHERE hit.matched AND s.id = hit.session_id AND s.user_id = hit.user_id AND s.auth_epoch = hit.auth_epoch
       AND ${notEnded('s')} RETURNING s.id`,
  event: `CASE WHEN EXISTS (SELECT FROM made) THEN ${event('step_up')} ELSE ${event('otp_success')} END`,
  outcome: `CASE WHEN made.id IS NULL THEN 'ended' ELSE 'ok' END`,
  otherSessions: '0',
};
