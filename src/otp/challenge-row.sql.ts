// Conditions on a row of otp_attempts, and its columns, for the statements that span modules (verify, resend). The rule of protocol.md 1.1
// holds in all of them: each condition that decides stands in the WHERE of the locked or updated row itself.
import { ANY } from './otp.types';

/** A challenge that may still be answered. */
export function live(row: string): string {
  return `${row}.consumed_at IS NULL AND ${row}.revoked_at IS NULL AND NOT ${row}.vendor_ended
     AND ${row}.failed < ${row}.max_failed AND ${row}.expires_at > :now::timestamptz`;
}

/** A challenge whose code the vendor found right, soon enough after the attempt was counted at :spentAt (protocol.md 5). */
export function confirmedInTime(row: string): string {
  return `${row}.consumed_at IS NULL AND ${row}.revoked_at IS NULL AND ${row}.expires_at > :spentAt::timestamptz
     AND :now::timestamptz < :spentAt::timestamptz + interval '15 seconds'`;
}

/** Whether the presented code counts as right: vendor-checked and decoy challenges never match here. */
export function matches(row: string): string {
  return `(:matched::text[] && ARRAY['${ANY}', ${row}.phone] AND ${row}.verifier IS NULL AND NOT ${row}.decoy)`;
}

/** Whether the answer may carry what was chosen: the cookie not for a stranger's page, and then the code is not looked at either. */
export function cookieAllowed(row: string): string {
  return `(${row}.token_delivery = 'body' OR :cookieWelcome::boolean)`;
}

/** Columns a verify statement returns of the challenge it hit. */
export const hitColumns = `c.id, c.max_failed - c.failed AS attempts_left, c.verifier, c.vendor_ref, c.decoy, c.channel, c.client_id, c.device_name, c.token_delivery, c.session_id, c.phone, c.email`;
