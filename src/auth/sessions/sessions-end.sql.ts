// All ways in which somebody ends sessions. Each is one statement with its audit rows, so an end that was answered has been committed and
// stays (N4). A session that has ended never lives again, because no statement sets revoked_at back.
import { statement, namedStatement } from '../../database/sql';
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import { askingSession } from './asking-session.sql';
import { notEnded } from './sessions.sql';

interface LogoutParameters extends AuditParameters {
  readonly sessionIds: readonly string[];
  /** The session that an access token names, if one was sent. */
  readonly byAccess: string | null;
  /** How the refresh token came, if one was sent. It must be the way in which its session's tokens are delivered (A29). */
  readonly carrier: string | null;
}

/** One row per session that was ended. They are locked in the order of ids, as in every statement that ends several. */
export const logoutSessions = namedStatement<LogoutParameters>(
  'logout_sessions',
  `WITH found AS MATERIALIZED (
    SELECT s.id FROM sessions s WHERE s.id = ANY (:sessionIds::uuid[]) AND ${notEnded('s')}
       AND (s.id = :byAccess::uuid OR s.token_delivery = :carrier::text) ORDER BY s.id FOR NO KEY UPDATE
  ), ended AS (
    UPDATE sessions s SET revoked_at = :now::timestamptz, revoked_reason = 'logout' FROM found
     WHERE s.id = found.id AND s.revoked_at IS NULL RETURNING s.id, s.user_id
  ), noted AS (
    ${recordAudit({ event: event('session_logout'), userId: 'ended.user_id', sessionId: 'ended.id', from: 'FROM ended' })}
  )
  SELECT id FROM ended`,
);

/** Locks the account first and ends all sessions by raising its epoch, which also ends those of logins that are under way (design D9a). */
export const logoutEverywhere = namedStatement<AuditParameters & { userId: string; sessionId: string }>(
  'logout_everywhere',
  `WITH account AS (
    UPDATE users u SET auth_epoch = u.auth_epoch + 1 WHERE u.id = :userId RETURNING u.id
  ), noted AS (
    ${recordAudit({ event: event('session_logout_all'), userId: 'account.id', sessionId: ':sessionId::uuid', from: 'FROM account' })}
  )
  SELECT id FROM account`,
);

/**
 * The same for all sessions except the one that asks, which gets the new epoch. No row: that session has ended, or the account's epoch
 * changed while the statement waited; a second run tells which.
 */
export const logoutOthers = namedStatement<AuditParameters & { userId: string; sessionId: string }>(
  'logout_others',
  `WITH acct AS MATERIALIZED (
    SELECT u.id, u.auth_epoch FROM users u WHERE u.id = :userId FOR NO KEY UPDATE OF u
  ), ${askingSession()}, account AS (
    UPDATE users u SET auth_epoch = u.auth_epoch + 1 FROM asking WHERE u.id = asking.user_id RETURNING u.id, u.auth_epoch
  ), kept AS (
    UPDATE sessions s SET auth_epoch = account.auth_epoch FROM account
     WHERE s.id = :sessionId AND s.auth_epoch = account.auth_epoch - 1 AND ${notEnded('s')} RETURNING s.id
  ), noted AS (
    ${recordAudit({ event: event('session_logout_others'), userId: 'account.id', sessionId: ':sessionId::uuid', from: 'FROM account' })}
  )
  SELECT id FROM account`,
);

/** Ends one session of a person. No row: it is not theirs, which is recorded, or it had ended before; both look the same to the caller (A43). */
export const endOwnSession = namedStatement<
  AuditParameters & { userId: string; sessionId: string; target: string | null }
>(
  'end_own_session',
  `WITH ended AS (
    UPDATE sessions s SET revoked_at = :now::timestamptz, revoked_reason = 'ended by the person' FROM users u
     WHERE s.id = :target::uuid AND s.user_id = :userId AND ${notEnded('s')}
       AND u.id = s.user_id AND u.auth_epoch = s.auth_epoch RETURNING s.id
  ), noted AS (
    ${recordAudit({ event: event('session_logout'), userId: ':userId::uuid', sessionId: 'ended.id', from: 'FROM ended' })}
  ), refused AS (
    ${recordAudit({
      event: event('authz_fail'),
      userId: ':userId::uuid',
      sessionId: ':sessionId::uuid',
      ref: ':target::uuid',
      reason: `'session of nobody or of somebody else'`,
      from: `WHERE NOT EXISTS (SELECT FROM sessions s WHERE s.id = :target::uuid AND s.user_id = :userId)`,
    })}
  )
  SELECT id FROM ended`,
);

/**
 * Ends the sessions that were unused for longest, beyond the newest :keep, and tells their owner. Writes nothing when there are no more
 * than that.
 */
export const endSurplusSessions = namedStatement<AuditParameters & NoticeParameters & { userId: string; keep: number }>(
  'end_surplus_sessions',
  `WITH ranked AS MATERIALIZED (
    SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.user_id = :userId AND ${notEnded('s')} AND u.auth_epoch = s.auth_epoch
     ORDER BY s.last_used_at DESC, s.id DESC OFFSET :keep
  ), surplus AS MATERIALIZED (
    SELECT s.id FROM sessions s WHERE s.id IN (SELECT id FROM ranked) ORDER BY s.id FOR NO KEY UPDATE
  ), ended AS (
    UPDATE sessions s SET revoked_at = :now::timestamptz, revoked_reason = 'too many sessions' FROM surplus
     WHERE s.id = surplus.id AND s.revoked_at IS NULL RETURNING s.id
  ), noted AS (
    ${recordAudit({ event: event('session_expired'), userId: ':userId::uuid', sessionId: 'ended.id', reason: `'too many sessions'`, from: 'FROM ended' })}
  ), ${queueNotice({
    name: 'session_surplus',
    from: `FROM users AS "to" WHERE "to".id = :userId::uuid AND EXISTS (SELECT FROM ended)`,
    oncePerDay: true,
  })}
  SELECT ended.id FROM ended LEFT JOIN notice_job ON true`,
);

export interface SessionRow {
  readonly id: string;
  readonly deviceName: string | null;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly endsAt: Date;
}

/** $1 user id, $2 now. Living sessions, last used first. */
export const listSessions = statement(
  'list_sessions',
  `SELECT s.id, s.device_name AS "deviceName", s.user_agent AS "userAgent", s.address, s.created_at AS "createdAt",
         s.last_used_at AS "lastUsedAt", least(s.expires_at, s.idle_expires_at) AS "endsAt"
    FROM sessions s JOIN users u ON u.id = s.user_id
   WHERE s.user_id = $1 AND ${notEnded('s', '$2')}
     AND u.auth_epoch = s.auth_epoch
   ORDER BY s.last_used_at DESC, s.id DESC`,
);
