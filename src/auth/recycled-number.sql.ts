// A number that its carrier has given to somebody else (A98, security.md 5.11): an account that has been idle for long gives its number up to
// whoever proves it. The account keeps everything else, without a phone. Its sessions and challenges end by the epoch, the audit log
// records it, and its proved address is told, with which the owner can still sign in (ADR 61). The number is told nothing: it is
// somebody else's.
import { event, recordAudit } from '../audit/audit.sql';
import { queueNotice } from '../notices/notices.sql';
import { IDLE_DAYS, provedEmail } from '../users/users.sql';

/** SQL: the account o has been idle past the limit. Needs :now. */
export const isIdle = `o.last_authenticated_at < :now::timestamptz - interval '${IDLE_DAYS} days'`;

/**
 * CTEs `freed(id)`, `freed_noted` and those of a notice. Whoever takes the number next has to read `freed`, so that it is free by then;
 * the main query has to read `notice_job`. Needs :now, :noticeId, :requestId and :address.
 * @param from FROM clause with the WHERE that finds the holder o of the number
 */
export function freeNumber(from: string): string {
  return `freed AS (
    UPDATE users o SET phone = NULL, auth_epoch = o.auth_epoch + 1 ${from} AND ${isIdle} RETURNING o.id, o.locale, ${provedEmail('o')} AS proved_email
  ), freed_noted AS (
    ${recordAudit({ event: event('phone_released'), userId: 'freed.id', from: 'FROM freed' })}
  ), ${queueNotice({
    name: 'phone_released',
    email: '"to".proved_email',
    from: 'FROM (SELECT id, NULL::text AS phone, locale, proved_email FROM freed) AS "to" WHERE true',
  })}`;
}
