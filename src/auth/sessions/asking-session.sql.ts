// What a session asks for is done only while it lives (N4). Ending one session raises no epoch, and an instance remembers for some seconds that a
// session lives; so every statement that changes something for a session looks at it, after it has locked the account.
import { notEnded } from './sessions.sql';

/**
 * CTE `asking(id, user_id, token_delivery)`: the session that asks, unless it has ended. It is locked, and so read in its newest version: by the
 * statement's snapshot it may still live although it was ended while the statement waited for the account. One that got a new epoch in that time
 * looks ended; a second run of the statement finds it. Binds :now, and :sessionId unless told.
 * @param session SQL of its id
 * @param from FROM clause with acct(id, auth_epoch), the account as it was locked
 */
export function askingSession(session = ':sessionId::uuid', from = 'acct'): string {
  return `asking AS MATERIALIZED (
    SELECT s.id, s.user_id, s.token_delivery FROM ${from} JOIN sessions s ON s.user_id = acct.id AND s.auth_epoch = acct.auth_epoch
     WHERE s.id = ${session} AND ${notEnded('s')} FOR NO KEY UPDATE OF s
  )`;
}
