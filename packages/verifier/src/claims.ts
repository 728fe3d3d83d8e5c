// The claims of an access token, and which of them have to be there. Stricter than a JWT library: those accept a token
// without exp, and any list of audiences of which one is ours (RFC 9068 sections 4 and 5, RFC 8725).
import type { Settings } from './options';
import { invalid } from './verify-error';

export interface AccessTokenClaims {
  readonly iss: string;
  /** The person: an id that never changes. Never a phone number. */
  readonly sub: string;
  /** Whom it is for. Of a client app's token a list of two: the app's audience, then Latchkey itself, where the person's account is. */
  readonly aud: string | readonly string[];
  /** The app that signed the person in. */
  readonly client_id: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** The session: the same from sign-in to logout. */
  readonly sid?: string;
  /** When the person last proved themselves, in seconds since 1970; renewing a token does not move it. */
  readonly auth_time?: number;
  /** How: `pwd`, `sms`, `otp`, `mfa`, ... */
  readonly amr?: readonly string[];
  /** How well: `aal1`, `aal2`. */
  readonly acr?: string;
  /** What the operator adds. */
  readonly [claim: string]: unknown;
}

/** How far the clocks of issuer and application may differ. */
export const LEEWAY_SECONDS = 30;

const needed: Readonly<Record<string, (value: unknown) => boolean>> = {
  iss: isText,
  sub: isText,
  aud: (value) => isText(value) || (Array.isArray(value) && value.length === 2 && value.every(isText)),
  client_id: isText,
  jti: isText,
  iat: isTime,
  exp: isTime,
};
const wellFormedIfThere: Readonly<Record<string, (value: unknown) => boolean>> = {
  sid: isText,
  acr: isText,
  auth_time: isTime,
  amr: (value) => Array.isArray(value) && value.every(isText),
};

/**
 * Judges a payload whose signature is right and whose exp and nbf are.
 * @param nowSeconds the clock, in seconds since 1970
 * @throws LatchkeyVerifyError token_invalid
 */
export function readClaims(payload: Readonly<Record<string, unknown>>, settings: Settings, nowSeconds: number) {
  for (const [claim, isWellFormed] of Object.entries(needed)) {
    if (!isWellFormed(payload[claim])) throw invalid(`claim ${claim} is missing or malformed`);
  }
  for (const [claim, isWellFormed] of Object.entries(wellFormedIfThere)) {
    if (payload[claim] !== undefined && !isWellFormed(payload[claim])) throw invalid(`claim ${claim} is malformed`);
  }
  const claims = payload as unknown as AccessTokenClaims;
  const wrong = whatIsForeign(claims, settings) ?? whatIsOutOfTime(claims, nowSeconds);
  if (wrong !== undefined) throw invalid(wrong);
  return claims;
}

function whatIsForeign({ iss, aud, client_id }: AccessTokenClaims, settings: Settings): string | undefined {
  if (iss !== settings.issuer) return 'of another issuer';
  // Second in a list is Latchkey. Who is Latchkey's audience itself does not want what was issued for an app's service.
  const addressee = typeof aud === 'string' ? aud : aud[0];
  if (addressee === undefined || !settings.audiences.includes(addressee)) return 'for another audience';
  return settings.clientIds?.includes(client_id) === false ? 'issued to another client' : undefined;
}

function whatIsOutOfTime({ iat, exp, auth_time = 0 }: AccessTokenClaims, nowSeconds: number): string | undefined {
  const latest = nowSeconds + LEEWAY_SECONDS;
  if (iat > latest || auth_time > latest) return 'from the future';
  return iat >= exp ? 'ends before it begins' : undefined;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
