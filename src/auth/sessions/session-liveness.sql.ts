// Reads sessions, users and client apps together: a session lives until it, its account or its client app is ended (design D9a).
import { statement } from '../../database/sql';
import { accountColumns } from '../../users/users.sql';
import { clientLives } from '../clients/clients.sql';
import { notEnded } from './sessions.sql';

/** $1 session id, $2 user id, $3 now. One row with the account and the instant at which the session expires; no row when it does not live. */
export const SESSION_LIVENESS = statement(
  'session-liveness',
  `SELECT least(s.expires_at, s.idle_expires_at) AS "endsAt", ${accountColumns('u')} FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = $1 AND s.user_id = $2 AND ${notEnded('s', '$3')}
      AND u.status = 'active' AND u.auth_epoch = s.auth_epoch AND ${clientLives('s.client_id')}`,
);
