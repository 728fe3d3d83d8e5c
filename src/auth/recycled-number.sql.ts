// A number that its carrier has given to somebody else (A98, security.md 5.11): an account that has not proved it for so long gives it up
// to whoever has. It keeps everything else, without a phone; its sessions and challenges end by the epoch, and it is on its record.
import { event, recordAudit } from '../audit/audit.sql';
import { IDLE_DAYS } from '../users/users.sql';

/** SQL: the account o has been idle past the limit. Needs :now. */
export const isIdle = `o.last_authenticated_at < :now::timestamptz - interval '${IDLE_DAYS} days'`;

/**
 * CTEs `freed(id)` and `freed_noted`. Whoever takes the number next has to read `freed`, so that it is free by then. Needs :now, :requestId
 * and :address.
 * @param from FROM clause with the WHERE that finds the holder o of the number
 */
export function freeNumber(from: string): string {
  return `freed AS (
    UPDATE users o SET phone = NULL, auth_epoch = o.auth_epoch + 1 ${from} AND ${isIdle} RETURNING o.id
  ), freed_noted AS (
    ${recordAudit({ event: event('phone_released'), userId: 'freed.id', from: 'FROM freed' })}
  )`;
}
