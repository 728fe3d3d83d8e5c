// Refresh: one statement on one row (design D9, protocol.md 6). It rotates the current token, gives the same successor again
// for 10 s, and ends the session and tells its owner when a token comes back later. Invariants: one successor per generation; nothing
// brings back a session that was revoked, whose account or client app was disabled or whose epoch has passed. Guarded by test/races/refresh.
//
// LIMIT_REFRESH_FAMILY is counted here from the audit rows that rotations leave anyway (design D13), so a rotation writes no second
// row. That is exact: whoever rotates presents the successor made by the rotation before, so that one has committed. Answers
// within the grace are not counted, and a reused token ends the session whatever the limit says.
import type { LimitWindow } from '../../config/limit';
import { namedStatement } from '../../database/sql';
import { event, recordAudit, sessionEventAllowedAt } from '../../audit/audit.sql';
import { clientLives } from '../clients/clients.sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import type { UserAccount } from '../../users/users.types';
import { accountColumns } from '../../users/users.sql';

export interface RefreshParameters extends NoticeParameters {
  readonly sessionId: string;
  readonly generation: number;
  /** How the token came; it must be how the session's tokens are delivered (A29). */
  readonly carrier: string;
  readonly presentedDigest: Buffer;
  readonly successorDigest: Buffer;
  readonly successorSealed: Buffer;
  readonly now: Date;
  readonly idleExpiresAt: Date;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
}

/**
 * rotated: the successor is the new token; grace: it was rotated within 10 s, the successor made then is in `sealed`; raced: the
 * successor itself was rotated within 10 s; reused: later than that, the session has ended; limited: not before `allowedAt`.
 */
export interface RefreshRow extends UserAccount {
  readonly outcome: 'rotated' | 'grace' | 'raced' | 'reused' | 'limited';
  readonly sessionId: string;
  readonly clientId: string;
  readonly amr: readonly string[];
  readonly authenticatedAt: Date;
  readonly endsAt: Date;
  readonly sealed: Buffer | null;
  readonly allowedAt: Date | null;
}

const GRACE = `interval '10 seconds'`;
const fresh = '(s.refresh_generation = :generation AND s.refresh_digest = :presentedDigest::bytea)';
const inGrace = `(s.refresh_generation = :generation + 1 AND s.previous_digest = :presentedDigest::bytea
                    AND s.rotated_at > :now::timestamptz - ${GRACE})`;
const inRace = `(s.refresh_generation = :generation + 2 AND s.previous_rotated_at > :now::timestamptz - ${GRACE})`;
const tolerated = `(${fresh} OR ${inGrace} OR ${inRace})`;
const living = `s.revoked_at IS NULL AND s.token_delivery = :carrier AND s.expires_at > :now::timestamptz AND s.idle_expires_at > :now::timestamptz
       AND u.id = s.user_id AND u.status = 'active' AND u.auth_epoch = s.auth_epoch AND ${clientLives('s.client_id')}`;

function whenFresh(column: string, value: string): string {
  return `${column} = CASE WHEN ${fresh} THEN ${value} ELSE s.${column} END`;
}

/** @param windows LIMIT_REFRESH_FAMILY. No row: the session does not live. */
export function refreshSession(windows: readonly LimitWindow[]) {
  return namedStatement<RefreshParameters>(
    'refresh_session',
    `WITH family AS MATERIALIZED (
    SELECT ${sessionEventAllowedAt('session_renewed', { id: 's.id', userId: 's.user_id' }, windows)} AS allowed_at
      FROM sessions s, users u WHERE s.id = :sessionId AND ${living}
  ), done AS (
    UPDATE sessions s
       SET ${whenFresh('refresh_generation', 's.refresh_generation + 1')},
           ${whenFresh('refresh_digest', ':successorDigest::bytea')},
           ${whenFresh('previous_digest', 's.refresh_digest')},
           ${whenFresh('successor_sealed', ':successorSealed::bytea')},
           ${whenFresh('previous_rotated_at', 's.rotated_at')},
           ${whenFresh('rotated_at', ':now::timestamptz')},
           ${whenFresh('idle_expires_at', ':idleExpiresAt::timestamptz')},
           ${whenFresh('last_used_at', ':now::timestamptz')},
           ${whenFresh('address', ':address::text')},
           ${whenFresh('user_agent', ':userAgent::text')},
           revoked_at = CASE WHEN ${tolerated} THEN NULL ELSE :now::timestamptz END,
           revoked_reason = CASE WHEN ${tolerated} THEN NULL ELSE 'refresh_reused' END
      FROM users u, family f
     WHERE s.id = :sessionId AND ${living} AND s.refresh_generation >= :generation
       AND NOT (${fresh} AND f.allowed_at IS NOT NULL)
    RETURNING s.id AS session_id, s.client_id, s.amr, s.authenticated_at, least(s.expires_at, s.idle_expires_at) AS ends_at,
              s.successor_sealed, ${accountColumns('u')},
              CASE WHEN s.revoked_at IS NOT NULL THEN 'reused' WHEN s.refresh_digest = :successorDigest::bytea THEN 'rotated'
                   WHEN s.refresh_generation = :generation + 1 THEN 'grace' ELSE 'raced' END AS outcome
  ), noted AS (
    ${recordAudit({
      event: `CASE done.outcome WHEN 'reused' THEN ${event('authn_token_reuse')} ELSE ${event('session_renewed')} END`,
      userId: 'done.id',
      sessionId: 'done.session_id',
      amr: 'done.amr',
      from: `FROM done WHERE done.outcome IN ('rotated', 'reused')`,
    })}
  ), ${queueNotice({ name: 'session_reused', from: `FROM done AS "to" WHERE "to".outcome = 'reused'` })}
  SELECT coalesce(done.outcome, 'limited') AS outcome, done.session_id AS "sessionId", done.client_id AS "clientId", done.amr,
         done.authenticated_at AS "authenticatedAt", done.ends_at AS "endsAt", f.allowed_at AS "allowedAt",
         CASE WHEN done.outcome = 'grace' THEN done.successor_sealed END AS sealed,
         done.id, done.phone, done.email, done."emailVerifiedAt", done."displayName", done.locale, done."createdAt",
         done."totpEnabled", done."recoveryCodesLeft"
    FROM family f LEFT JOIN done ON true LEFT JOIN notice_job ON true WHERE done.id IS NOT NULL OR f.allowed_at IS NOT NULL`,
  );
}
