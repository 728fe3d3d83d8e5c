// A change for which a session has asked for a code, and which the right code then makes.
import { askingSession } from '../sessions/asking-session.sql';

/** CTE `asking`, to stand after `hit`: the session that asked for the code, if the code is right and the session lives. */
export const askedInSession = askingSession('hit.session_id', 'hit JOIN acct ON hit.matched');

/** SQL condition: the code is right, and the session that asked for it lives. */
export const asks = 'EXISTS (SELECT FROM asking)';
