// Trusted devices: made at a sign-in, listed, ended. Using one is a login (login/trusted-login.sql.ts). Invariants: a device has the
// account's epoch of the sign-in that made it, so every credential event ends it without a write (design D9a, A42); one that has ended is
// never trusted again (N4). Lock order: account, then device.
import { type AuditParameters, event, recordAudit } from '../../audit/audit.sql';
import { namedStatement, statement } from '../../database/sql';

/** More than a person has. Beyond it the device that was unused for longest goes. */
const DEVICES_MAX = 10;

const living = (row: string, now = ':now') => `${row}.revoked_at IS NULL AND ${row}.expires_at > ${now}::timestamptz`;

interface TrustParameters extends AuditParameters {
  readonly deviceId: string;
  readonly userId: string;
  /** The session that was made with the same code. */
  readonly sessionId: string;
  readonly tokenDigest: Buffer;
  readonly userAgent: string | null;
  readonly expiresAt: Date;
}

/** Made only for a living session, with its epoch, so a change in between leaves no device. No row: the session has ended already. */
export const trustDevice = namedStatement<TrustParameters>(
  'trust_device',
  `WITH account AS MATERIALIZED (
    SELECT u.id, u.auth_epoch FROM users u WHERE u.id = :userId::uuid AND u.status = 'active' FOR NO KEY UPDATE
  ), session AS (
    SELECT s.user_id, s.auth_epoch, s.token_delivery, s.device_name FROM sessions s JOIN account ON account.id = s.user_id
     WHERE s.id = :sessionId::uuid AND s.auth_epoch = account.auth_epoch AND s.revoked_at IS NULL
  ), surplus AS (
    UPDATE trusted_devices d SET revoked_at = :now::timestamptz, revoked_reason = 'too many devices' FROM session
     WHERE d.id IN (SELECT o.id FROM trusted_devices o WHERE o.user_id = session.user_id AND o.auth_epoch = session.auth_epoch
                       AND ${living('o')} ORDER BY o.last_used_at DESC, o.id DESC OFFSET ${DEVICES_MAX - 1})
    RETURNING d.id, d.user_id
  ), made AS (
    INSERT INTO trusted_devices (id, user_id, auth_epoch, token_delivery, device_name, user_agent, address, created_at, last_used_at, expires_at, token_digest)
    SELECT :deviceId::uuid, user_id, auth_epoch, token_delivery, device_name, :userAgent::text, :address::text, :now::timestamptz, :now::timestamptz,
           :expiresAt::timestamptz, :tokenDigest::bytea FROM session RETURNING id, user_id
  ), noted AS (
    ${recordAudit({ event: event('device_trusted'), userId: 'made.user_id', sessionId: ':sessionId::uuid', ref: 'made.id', from: 'FROM made' })}
  ), noted_surplus AS (
    ${recordAudit({ event: event('device_revoked'), userId: 'surplus.user_id', ref: 'surplus.id', reason: `'too many devices'`, from: 'FROM surplus' })}
  )
  SELECT id FROM made`,
);

export interface TrustedDeviceRow {
  readonly id: string;
  readonly deviceName: string | null;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** $1 user id, $2 now. Last used first. */
export const listTrustedDevices = statement(
  'list_trusted_devices',
  `SELECT d.id, d.device_name AS "deviceName", d.user_agent AS "userAgent", d.address, d.created_at AS "createdAt",
         d.last_used_at AS "lastUsedAt", d.expires_at AS "expiresAt"
    FROM trusted_devices d JOIN users u ON u.id = d.user_id AND u.auth_epoch = d.auth_epoch
   WHERE d.user_id = $1 AND ${living('d', '$2')} ORDER BY d.last_used_at DESC, d.id DESC`,
);

/** No row: it is not theirs, which is recorded, or it had ended before; both look the same to the caller (A43). */
export const endTrustedDevice = namedStatement<
  AuditParameters & { userId: string; sessionId: string; target: string | null }
>(
  'end_trusted_device',
  `WITH ended AS (
    UPDATE trusted_devices d SET revoked_at = :now::timestamptz, revoked_reason = 'ended by the person' FROM users u
     WHERE d.id = :target::uuid AND d.user_id = :userId::uuid AND ${living('d')}
       AND u.id = d.user_id AND u.auth_epoch = d.auth_epoch RETURNING d.id
  ), noted AS (
    ${recordAudit({ event: event('device_revoked'), userId: ':userId::uuid', sessionId: ':sessionId::uuid', ref: 'ended.id', from: 'FROM ended' })}
  ), refused AS (
    ${recordAudit({
      event: event('authz_fail'),
      userId: ':userId::uuid',
      sessionId: ':sessionId::uuid',
      ref: ':target::uuid',
      reason: `'trusted device of nobody or of somebody else'`,
      from: `WHERE NOT EXISTS (SELECT FROM trusted_devices d WHERE d.id = :target::uuid AND d.user_id = :userId::uuid)`,
    })}
  )
  SELECT id FROM ended`,
);
