// A number that its carrier has given to somebody else (A98, security.md 5.11). An account that has been idle for long loses its number to whoever
// proves it, and keeps everything else. Its sessions and challenges end by the epoch, and the audit log records it. Its proved address is told, with
// which the owner can still sign in (ADR 61). The number is told nothing, because it is somebody else's now.
import { event, recordAudit } from '../audit/audit.sql';
import { queueNotice } from '../notices/notices.sql';
import { isIdle, provedEmail } from '../users/users.sql';

/**
 * CTEs `freed(id)`, `freed_noted` and those of a notice. A part that then takes the number must read `freed`, so that the number is free by then. The
 * main query must read `notice_job`. Binds :now, :idleDays, :noticeId, :requestId and :address.
 * @param from FROM clause with a WHERE that finds the account o which has the number
 */
export function freeNumber(from: string): string {
  return `freed AS (
    UPDATE users o SET phone = NULL, auth_epoch = o.auth_epoch + 1 ${from} AND ${isIdle('o')} RETURNING o.id, o.locale, ${provedEmail('o')} AS proved_email
  ), freed_noted AS (
    ${recordAudit({ event: event('phone_released'), userId: 'freed.id', from: 'FROM freed' })}
  ), ${queueNotice({
    name: 'phone_released',
    email: '"to".proved_email',
    from: 'FROM (SELECT id, NULL::text AS phone, locale, proved_email FROM freed) AS "to" WHERE true',
  })}`;
}
