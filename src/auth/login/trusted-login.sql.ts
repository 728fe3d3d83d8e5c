// A sign-in on a trusted device, after a right password: one statement locks the account, rotates the device's token and makes the session. The rules
// are those of refresh tokens (sessions/refresh.sql.ts): a generation has one successor, which is given again for 10 s; a token that comes back later
// ends the device, and its owner is told. Invariant: no statement trusts a device that was revoked, has expired, or has another epoch than the
// account had when its password was read (A39, A42). Guarded by test/races/long/trusted-devices.
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement } from '../../database/sql';
import { type NoticeParameters, queueNotice } from '../../notices/notices.sql';
import type { TokenDelivery } from '../../otp/otp.types';
import { accountColumns, CONSECUTIVE_MAX } from '../../users/users.sql';
import type { UserAccount } from '../../users/users.types';
import { clientLives } from '../clients/clients.sql';
import { forgiveFailures } from '../credential-event.sql';
import { endedByMove } from '../phone-rebind/phone-rebind.sql';
import { standingOf } from '../rotating-token.sql';
import { insertSession, livingSessions, lockedVersion, type SessionParameters } from '../sessions/sessions.sql';

/** How many passwords may be tried on a device while the identifier is delayed, until one is right (A74). */
const PASSWORDS_TRIED_MAX = 5;
const { current, inGrace, inRace } = standingOf('d', { generation: 'generation', digest: 'token_digest' });

/** SQL condition: the device that the token names, with the right delivery (A29). The statement compares account and epoch itself. */
const presented = `d.id = :deviceId::uuid AND d.token_delivery = :tokenDelivery AND d.revoked_at IS NULL AND d.expires_at > :now::timestamptz`;

/** What a token that was presented with a password says. */
export interface PresentedDevice {
  readonly deviceId: string;
  readonly generation: number;
  readonly presentedDigest: Buffer;
  readonly tokenDelivery: TokenDelivery;
}

/**
 * CTE `known(id)`: a trusted device, whose attempts the identifier's delay does not hold up, for five attempts. While an operator's move to another
 * number is pending, the devices that the move has ended count as well. For a sign-in stops the move (ADR 50), and strangers who try passwords must
 * not keep the owner from signing in. Those devices are not trusted in any other way. @param match SQL condition on the account row u
 */
export function knownDevice(match: string): string {
  return `known AS (
    UPDATE trusted_devices d SET passwords_tried = d.passwords_tried + 1 FROM users u
     WHERE ${match} AND u.status = 'active' AND ${presented} AND d.user_id = u.id
       AND (d.auth_epoch = u.auth_epoch OR ${endedByMove({ account: 'u', epoch: 'd.auth_epoch' })}) AND (${current} OR ${inGrace}) AND d.passwords_tried < ${PASSWORDS_TRIED_MAX} RETURNING d.id
  )`;
}

export interface TrustedLoginParameters extends PresentedDevice, SessionParameters, NoticeParameters, AuditParameters {
  readonly userId: string;
  /** As it was read together with the password. */
  readonly authEpoch: number;
  readonly successorDigest: Buffer;
  readonly successorSealed: Buffer;
  readonly clientId: string;
  readonly deviceName: string | null;
  readonly failuresKey: string;
}

/** rotated, grace: a session was made. raced: too late for the grace, and nothing has changed. reused: the device has ended. */
export interface TrustedLoginRow extends UserAccount {
  readonly outcome: 'rotated' | 'grace' | 'raced' | 'reused';
  readonly sealed: Buffer | null;
  readonly expiresAt: Date;
  readonly otherSessions: number | null;
}

function whenCurrent(column: string, value: string): string {
  return `${column} = CASE WHEN ${current} THEN ${value} ELSE d.${column} END`;
}

const opens = `done.outcome IN ('rotated', 'grace')`;
const session = {
  userId: 'done.user_id',
  epoch: 'done.auth_epoch',
  clientId: ':clientId',
  deviceName: ':deviceName::text',
  tokenDelivery: ':tokenDelivery',
};

/** No row: it is no trusted device of this account, and nothing has changed. */
export const signInTrusted = namedStatement<TrustedLoginParameters>(
  'sign_in_trusted',
  `WITH acct AS MATERIALIZED (
    SELECT u.*, ${lockedVersion} FROM users u WHERE u.id = :userId::uuid AND u.status = 'active' AND u.auth_epoch = :authEpoch::int
       AND u.password_failures < ${CONSECUTIVE_MAX}
       AND ${clientLives(':clientId')} FOR NO KEY UPDATE OF u
  ), done AS (
    UPDATE trusted_devices d
       SET ${whenCurrent('generation', 'd.generation + 1')},
           ${whenCurrent('token_digest', ':successorDigest::bytea')},
           ${whenCurrent('previous_digest', 'd.token_digest')},
           ${whenCurrent('successor_sealed', ':successorSealed::bytea')},
           ${whenCurrent('previous_rotated_at', 'd.rotated_at')},
           ${whenCurrent('rotated_at', ':now::timestamptz')},
           ${whenCurrent('last_used_at', ':now::timestamptz')},
           ${whenCurrent('address', ':address::text')},
           ${whenCurrent('user_agent', ':userAgent::text')},
           passwords_tried = 0,
           revoked_at = CASE WHEN ${current} OR ${inGrace} OR ${inRace} THEN NULL ELSE :now::timestamptz END,
           revoked_reason = CASE WHEN ${current} OR ${inGrace} OR ${inRace} THEN NULL ELSE 'token reused' END
      FROM acct WHERE ${presented} AND d.user_id = acct.id AND d.auth_epoch = acct.auth_epoch AND d.generation >= :generation
    RETURNING d.id, d.user_id, d.auth_epoch, d.expires_at, d.successor_sealed,
              CASE WHEN d.revoked_at IS NOT NULL THEN 'reused' WHEN d.token_digest = :successorDigest::bytea THEN 'rotated'
                   WHEN d.generation = :generation + 1 THEN 'grace' ELSE 'raced' END AS outcome
  ), made AS (
    ${insertSession(session, `FROM done WHERE ${opens}`)}
  ), welcome AS (
    SELECT done.user_id AS id FROM done WHERE ${opens}
  ), ${forgiveFailures('welcome')}, forgiven_account AS (
    UPDATE users u SET password_failures = 0 FROM welcome WHERE u.id = welcome.id
  ), noted AS (
    ${recordAudit({
      event: `CASE done.outcome WHEN 'reused' THEN ${event('authn_token_reuse')} ELSE ${event('authn_login_success')} END`,
      userId: 'done.user_id',
      sessionId: '(SELECT id FROM made)',
      ref: 'done.id',
      reason: `'trusted device'`,
      amr: `CASE WHEN ${opens} THEN :amr::text[] END`,
      from: `FROM done WHERE done.outcome <> 'raced'`,
    })}
  ), noted_session AS (
    ${recordAudit({ event: event('session_created'), userId: 'done.user_id', sessionId: 'made.id', ref: 'done.id', amr: ':amr::text[]', from: 'FROM made JOIN done ON true' })}
  ), ${queueNotice({ name: 'device_reused', from: `FROM acct AS "to" JOIN done ON done.outcome = 'reused' WHERE true` })}
  SELECT done.outcome, done.expires_at AS "expiresAt", CASE WHEN done.outcome = 'grace' THEN done.successor_sealed END AS sealed,
         ${livingSessions({ id: 'acct.id', epoch: 'acct.auth_epoch', version: 'acct.version' })} AS "otherSessions", ${accountColumns('acct')}
    FROM done JOIN acct ON true LEFT JOIN made ON true LEFT JOIN notice_job ON true`,
);
