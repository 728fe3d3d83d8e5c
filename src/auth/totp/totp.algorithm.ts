// Time-based codes (RFC 6238) as all authenticator apps have them: SHA-1, 6 digits, 30 s (security.md 5.2). A library computes and compares
// them. Our part is to find the time step of a code, so that it is accepted once (A67). Tested with the RFC's vectors.
import { Secret, TOTP } from 'otpauth';

/** 160 bits, as long as the hash (RFC 4226 section 4, requirement 6). */
export const TOTP_SECRET_BYTES = 20;
export const TOTP_DIGITS = 6;
const PERIOD_SECONDS = 30;
/** How many steps before and after the present one are accepted, because clocks of phones are inexact (RFC 6238 section 5.2). */
const WINDOW_STEPS = 1;
const shape = /^[0-9]{6}$/;

/** @returns the time step that the code belongs to, within one step of now; undefined for a wrong code. Compares in constant time. */
export function stepOfCode(secret: Buffer, code: string, now: Date): number | undefined {
  // The library throws for a text that has more bytes than characters.
  if (!shape.test(code)) return undefined;
  const timestamp = now.getTime();
  const delta = TOTP.validate({
    token: code,
    secret: librarySecret(secret),
    algorithm: 'SHA1',
    digits: TOTP_DIGITS,
    period: PERIOD_SECONDS,
    timestamp,
    window: WINDOW_STEPS,
  });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
}

/** The secret for typing into an app: 32 characters of base32. */
export function secretText(secret: Buffer): string {
  return librarySecret(secret).base32;
}

/** The secret for an app's camera, as a link or picture. @param account the name under which the app lists it, beside the issuer */
export function otpauthUrl(secret: Buffer, issuer: string, account: string): string {
  const settings = { algorithm: 'SHA1', digits: TOTP_DIGITS, period: PERIOD_SECONDS };
  return new TOTP({ ...settings, issuer, label: account, secret: librarySecret(secret) }).toString();
}

function librarySecret(secret: Buffer): Secret {
  return new Secret({ buffer: new Uint8Array(secret).buffer });
}
