// Conditions on a row of otp_attempts, and its columns, for the statements that span modules (verify, resend). The rule of protocol.md 1.1
// holds in all of them: each condition that decides stands in the WHERE of the locked or updated row itself.
import { ANY } from './otp.types';

/** SQL condition: the challenge can still be answered. */
export function live(row: string): string {
  return `${row}.consumed_at IS NULL AND ${row}.revoked_at IS NULL AND NOT ${row}.vendor_ended
     AND ${row}.failed < ${row}.max_failed AND ${row}.expires_at > :now::timestamptz`;
}

/** SQL condition: the vendor's yes came soon enough after the attempt that was counted at :spentAt (protocol.md 5). */
export function confirmedInTime(row: string): string {
  return `${row}.consumed_at IS NULL AND ${row}.revoked_at IS NULL AND ${row}.expires_at > :spentAt::timestamptz
     AND :now::timestamptz < :spentAt::timestamptz + interval '15 seconds'`;
}

/** SQL condition: the presented code counts as right. Never true for a decoy, or where a vendor checks codes. */
export function matches(row: string): string {
  return `(:matched::text[] && ARRAY['${ANY}', ${row}.phone] AND ${row}.verifier IS NULL AND NOT ${row}.decoy)`;
}

/**
 * SQL condition: the answer may contain tokens in the way that was chosen. False for the cookie on a stranger's page; then the code is not
 * looked at.
 */
export function cookieAllowed(row: string): string {
  return `(${row}.token_delivery = 'body' OR :cookieWelcome::boolean)`;
}

/** Columns of the challenge that a verify statement returns. */
export const hitColumns = `c.id, c.max_failed - c.failed AS attempts_left, c.verifier, c.vendor_ref, c.decoy, c.channel, c.client_id, c.device_name, c.token_delivery, c.session_id, c.phone, c.email`;
