// Decides whether header and claims of a token with a good signature are those of a living access token of ours. Pure; used by
// AccessTokenVerifier. It is stricter than the library, which accepts tokens without exp, with any typ, with an unknown crit, and with odd
// subjects (security.md M9; A26 to A28; RFC 8725, RFC 9068).
import { uuidForm } from '../../platform/text/patterns';
import { CLIENT_TTL_SECONDS, FIRST_PARTY } from '../clients/client.policy';

export interface TokenRules {
  readonly issuer: string;
  /** Ours. It must be among the audiences that a token names. */
  readonly audience: string;
  /** Life of a token of our own app, in seconds. Tokens of client apps live MAX_TOKEN_TTL_SECONDS at most. */
  readonly ttlSeconds: number;
}

export interface AccessClaims {
  readonly sub: string;
  readonly sid: string;
  readonly client_id: string;
  readonly auth_time: number;
  readonly amr: readonly string[];
  readonly acr: string;
  readonly iat: number;
  readonly exp: number;
}

/** The claim acr after a sign-in by these methods: aal2 for two factors, aal1 for the password on a trusted device. */
export function acrOf(amr: readonly string[]): 'aal1' | 'aal2' {
  return amr.includes('mfa') ? 'aal2' : 'aal1';
}

export const LEEWAY_SECONDS = 30;
/** No access token lives longer, whatever is configured for all or for one client app. */
export const MAX_TOKEN_TTL_SECONDS = CLIENT_TTL_SECONDS.max;
/** The clocks of two instances may differ a little, so a token may seem to live this much longer than it should. */
const EXPIRY_SLACK_SECONDS = 60;
const kidShape = /^[A-Za-z0-9_-]{1,64}$/;

/** @returns the key id, when the header has our three members and no others: no reference to a key, no crit */
export function keyIdOf(header: unknown): string | undefined {
  if (!isRecord(header)) return undefined;
  const { alg, typ, kid, ...others } = header;
  if (alg !== 'ES256' || typ !== 'at+jwt' || Object.keys(others).length > 0) return undefined;
  return typeof kid === 'string' && kidShape.test(kid) ? kid : undefined;
}

const wellFormed: Readonly<Record<keyof AccessClaims | 'jti', (value: unknown) => boolean>> = {
  sub: isUuid,
  sid: isUuid,
  client_id: isText,
  jti: isText,
  auth_time: isTime,
  amr: (value) => Array.isArray(value) && value.every(isText),
  acr: isText,
  iat: isTime,
  exp: isTime,
};

/** @returns the claims, when all are present and well formed. livesAt judges the times, the library judges a nbf */
export function readClaims(payload: unknown, rules: TokenRules): AccessClaims | undefined {
  if (!isRecord(payload) || payload['iss'] !== rules.issuer || !isForUs(payload, rules.audience)) return undefined;
  for (const [claim, isWellFormed] of Object.entries(wellFormed)) {
    if (!isWellFormed(payload[claim])) return undefined;
  }
  const { sub, sid, client_id, auth_time, amr, acr, iat, exp } = payload as unknown as AccessClaims;
  return { sub, sid, client_id, auth_time, amr, acr, iat, exp };
}

/** @param nowSeconds by Clock, in seconds since 1970 */
export function livesAt(claims: AccessClaims, nowSeconds: number, rules: TokenRules): boolean {
  const { iat, exp, auth_time } = claims;
  const longest = claims.client_id === FIRST_PARTY ? rules.ttlSeconds : MAX_TOKEN_TTL_SECONDS;
  if (exp <= nowSeconds - LEEWAY_SECONDS || exp > nowSeconds + longest + EXPIRY_SLACK_SECONDS) return false;
  return iat <= nowSeconds + LEEWAY_SECONDS && auth_time <= nowSeconds + LEEWAY_SECONDS && iat < exp;
}

/** A token for other resource servers is not for us (RFC 9068 section 4). Only tokens of client apps have several audiences (ADR 0020). */
function isForUs({ aud, client_id }: Record<string, unknown>, audience: string): boolean {
  if (aud === audience) return true;
  return client_id !== FIRST_PARTY && Array.isArray(aud) && aud.every(isText) && aud.includes(audience);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isUuid(value: unknown): boolean {
  return typeof value === 'string' && uuidForm.test(value);
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
