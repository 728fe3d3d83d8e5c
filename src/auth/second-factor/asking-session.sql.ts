// A change is made for the session that asked for its code. Ending one session raises no epoch, and an instance remembers for some seconds that a
// session lives; so the statement that makes the change looks at the session itself, like every other one that a session is needed for (N4).
import { notEnded } from '../sessions/sessions.sql';

/**
 * CTE `asking(id)`, to stand after `hit`: the session that asked, unless it has ended. It is locked, and so read in its newest version: by the
 * statement's snapshot it may still live although it was ended while the statement waited for the account. Reads and binds :now.
 */
export const askingSession = `asking AS MATERIALIZED (
    SELECT s.id FROM hit JOIN sessions s ON s.id = hit.session_id
     WHERE hit.matched AND s.user_id = hit.user_id AND s.auth_epoch = hit.auth_epoch AND ${notEnded('s')} FOR NO KEY UPDATE OF s
  )`;

/** SQL condition: the code is right, and the session that asked lives. */
export const asks = 'EXISTS (SELECT FROM asking)';
