// What the routes for client apps read and change of sessions. Both read the row itself, never what this process remembers of it.
import { statement, namedStatement } from '../../database/sql';
import { event, recordAudit } from '../../audit/audit.sql';
import { clientLives } from '../clients/clients.sql';
import { notEnded } from '../sessions/sessions.sql';

export interface IntrospectedSession {
  readonly userId: string;
  readonly clientId: string;
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
  /** When the newest refresh token of the session was made. */
  readonly renewedAt: Date;
  readonly endsAt: Date;
  readonly generation: number;
  readonly digest: Buffer;
}

/** $1 session id, $2 now. One row while the session, its account and its client app live. It only reads, so asking uses nothing up. */
export const introspectSession = statement(
  'introspect_session',
  `SELECT s.user_id AS "userId", s.client_id AS "clientId", s.amr, s.authenticated_at AS "authenticatedAt",
         coalesce(s.rotated_at, s.created_at) AS "renewedAt", least(s.expires_at, s.idle_expires_at) AS "endsAt",
         s.refresh_generation AS generation, s.refresh_digest AS digest
    FROM sessions s JOIN users u ON u.id = s.user_id
   WHERE s.id = $1 AND ${notEnded('s', '$2')}
     AND u.status = 'active' AND u.auth_epoch = s.auth_epoch AND ${clientLives('s.client_id')}`,
);

/**
 * Ends a session of this client app, with its audit row. One row, with whose session it is, whether it had ended before or not; no row when there is
 * no such session. The locked row decides, so what was answered has been committed and stays (N4).
 */
export const revokeForClient = namedStatement<{
  sessionId: string;
  clientId: string;
  /** Id of the client app's row, for the audit log. */
  clientRef: string;
  now: Date;
  requestId: string | null;
  address: string | null;
}>(
  'revoke_for_client',
  `WITH ended AS (
    UPDATE sessions s SET revoked_at = :now::timestamptz, revoked_reason = 'revoked by its client app'
     WHERE s.id = :sessionId AND s.client_id = :clientId AND ${notEnded('s')}
    RETURNING s.id, s.user_id
  ), noted AS (
    ${recordAudit({
      event: event('session_logout'),
      userId: 'ended.user_id',
      sessionId: 'ended.id',
      ref: ':clientRef::uuid',
      reason: `'revoked by its client app'`,
      from: 'FROM ended',
    })}
  )
  SELECT s.client_id AS "clientId" FROM sessions s WHERE s.id = :sessionId`,
);
