// Refresh works on one row (design D9, protocol.md 6). The first statement rotates the current token and does nothing else, which is enough
// for nearly every refresh. The second judges a token that the first did not take: for 10 s it gets the same successor again; a token that
// comes back later ends the session, and its owner is told (ADR 84). Invariants: a generation has one successor; nothing brings back a
// session that was revoked, has an old epoch, or whose account or client app is disabled. Guarded by test/races/refresh.
//
// LIMIT_REFRESH_FAMILY is counted in the row itself (design D13), so it is exact. Answers within the grace are not counted. A reused token
// ends the session whatever the limit says.
import type { LimitWindow } from '../../config/limit';
import { namedStatement } from '../../database/sql';
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { oneMore, windowsOpen, windowsOpenAt } from '../../limits/limits.sql';
import { standingOf } from '../rotating-token.sql';
import { clientLives } from '../clients/clients.sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import type { TokenDelivery } from '../../otp/otp.types';
import type { UserAccount } from '../../users/users.types';
import { accountColumns } from '../../users/users.sql';
import { notEnded } from './sessions.sql';

export interface RefreshParameters extends AuditParameters {
  readonly sessionId: string;
  readonly generation: number;
  /** How the token came. It must be the way in which the session's tokens are delivered (A29). */
  readonly carrier: TokenDelivery;
  readonly presentedDigest: Buffer;
  readonly successorDigest: Buffer;
  readonly successorSealed: Buffer;
  readonly idleExpiresAt: Date;
  readonly userAgent: string | null;
}

/** The owner of a session that ends here is told. */
export type JudgeParameters = RefreshParameters & NoticeParameters;

/** A session that goes on, and the account for its tokens. */
export interface RenewedRow extends UserAccount {
  readonly sessionId: string;
  readonly clientId: string;
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
  readonly endsAt: Date;
}

export interface JudgedRow extends RenewedRow {
  /**
   * grace: the token was rotated less than 10 s ago, and `sealed` has the successor that was made then. raced: that successor was rotated
   * less than 10 s ago as well. reused: the token was rotated longer ago, and the session has ended. limited: not before `allowedAt`.
   * current: it can be rotated now, since what prevented it has passed between the two statements.
   */
  readonly outcome: 'grace' | 'raced' | 'reused' | 'limited' | 'current';
  readonly sealed: Buffer | null;
  readonly allowedAt: Date | null;
}

const { current, inGrace, inRace } = standingOf('s', { generation: 'refresh_generation', digest: 'refresh_digest' });
const living = `${notEnded('s')} AND s.token_delivery = :carrier
       AND u.id = s.user_id AND u.status = 'active' AND u.auth_epoch = s.auth_epoch AND ${clientLives('s.client_id')}`;
const columns = `s.id AS "sessionId", s.client_id AS "clientId", s.amr, s.authenticated_at AS "authenticatedAt",
              least(s.expires_at, s.idle_expires_at) AS "endsAt", ${accountColumns('u')}`;

/** @param windows LIMIT_REFRESH_FAMILY. No row: it is not the current token of a living session that may be renewed now. */
export function rotateToken(windows: readonly LimitWindow[]) {
  return namedStatement<RefreshParameters>(
    'refresh_session',
    `WITH done AS (
    UPDATE sessions s
       SET refresh_generation = s.refresh_generation + 1, refresh_digest = :successorDigest::bytea, previous_digest = s.refresh_digest,
           successor_sealed = :successorSealed::bytea, previous_rotated_at = s.rotated_at, rotated_at = :now::timestamptz,
           rotations = ${oneMore('s.rotations', windows, ':now')}, idle_expires_at = :idleExpiresAt::timestamptz,
           last_used_at = :now::timestamptz, address = :address::text, user_agent = :userAgent::text
      FROM users u
     WHERE s.id = :sessionId AND ${living} AND ${current} AND ${windowsOpen('s.rotations', windows, ':now')}
    RETURNING ${columns}
  ), noted AS (
    ${recordAudit({ event: event('session_renewed'), userId: 'done.id', sessionId: 'done."sessionId"', amr: 'done.amr', from: 'FROM done' })}
  )
  SELECT * FROM done`,
  );
}

/**
 * Says why a token was not rotated. Account and session are locked in the order of all statements, and compared after that. So the answer
 * is about the newest version of both, and no later version can change a `reused`. A session that was revoked or has expired is not locked.
 * No row: the session does not live.
 */
export function judgeToken(windows: readonly LimitWindow[]) {
  return namedStatement<JudgeParameters>(
    'refresh_session_judged',
    `WITH account AS MATERIALIZED (
    SELECT u.* FROM users u
     WHERE u.id = (SELECT s.user_id FROM sessions s WHERE s.id = :sessionId AND s.revoked_at IS NULL AND s.expires_at > :now::timestamptz)
       FOR NO KEY UPDATE
  ), held AS MATERIALIZED (
    SELECT s.* FROM sessions s, account WHERE s.id = :sessionId FOR NO KEY UPDATE OF s
  ), found AS MATERIALIZED (
    SELECT CASE WHEN ${current} THEN CASE WHEN ${windowsOpen('s.rotations', windows, ':now')} THEN 'current' ELSE 'limited' END
                WHEN ${inGrace} THEN 'grace' WHEN ${inRace} THEN 'raced' ELSE 'reused' END AS outcome,
           ${columns}, s.successor_sealed, ${windowsOpenAt('s.rotations', windows, ':now')} AS "allowedAt"
      FROM held s, account u WHERE ${living} AND s.refresh_generation >= :generation
  ), ended AS (
    UPDATE sessions s SET revoked_at = :now::timestamptz, revoked_reason = 'refresh_reused'
      FROM found WHERE s.id = found."sessionId" AND found.outcome = 'reused'
  ), noted AS (
    ${recordAudit({
      event: event('authn_token_reuse'),
      userId: 'found.id',
      sessionId: 'found."sessionId"',
      amr: 'found.amr',
      from: `FROM found WHERE found.outcome = 'reused'`,
    })}
  ), ${queueNotice({ name: 'session_reused', from: `FROM found AS "to" WHERE "to".outcome = 'reused'` })}
  SELECT found.*, CASE WHEN found.outcome = 'grace' THEN found.successor_sealed END AS sealed FROM found LEFT JOIN notice_job ON true`,
  );
}
