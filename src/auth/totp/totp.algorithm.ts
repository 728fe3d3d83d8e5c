// Time-based codes (RFC 6238) as every authenticator app knows them: SHA-1, 6 digits, 30 s (security.md 5.2). The library computes
// and compares; what is ours is which step a code belongs to, so that it is accepted once (A67). Guarded by the RFC's vectors.
import { Secret, TOTP } from 'otpauth';

/** 160 bits, as long as the hash (RFC 4226 section 4, requirement 6). */
export const TOTP_SECRET_BYTES = 20;
export const TOTP_DIGITS = 6;
const PERIOD_SECONDS = 30;
/** Steps before and after the present one that are accepted: clocks of phones are off (RFC 6238 section 5.2). */
const WINDOW_STEPS = 1;
const shape = /^[0-9]{6}$/;

/** @returns the time step whose code this is, within one step of now; undefined for a wrong code. Compares in constant time. */
export function stepOfCode(secret: Buffer, code: string, now: Date): number | undefined {
  // The library throws for a text whose bytes are more than its characters.
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

/** For typing into an app by hand: 32 characters of base32. */
export function secretText(secret: Buffer): string {
  return librarySecret(secret).base32;
}

/** For an app's camera, as a link or a picture. @param account what the app lists it under, beside the issuer */
export function otpauthUrl(secret: Buffer, issuer: string, account: string): string {
  const settings = { algorithm: 'SHA1', digits: TOTP_DIGITS, period: PERIOD_SECONDS };
  return new TOTP({ ...settings, issuer, label: account, secret: librarySecret(secret) }).toString();
}

function librarySecret(secret: Buffer): Secret {
  return new Secret({ buffer: new Uint8Array(secret).buffer });
}
