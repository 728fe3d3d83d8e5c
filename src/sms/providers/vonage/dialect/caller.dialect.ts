// Who may call the simulated Vonage: a JWT of the application, checked with its public key, or Basic with the account's key.
// Checked by hand from Vonage's text (RS256; application_id, iat, jti, exp; 24 hours at most), not with the client's library.
import { createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { DialectContext, DialectRequest } from '../../../contract/dialect';
import { unixSeconds } from '../../../../platform/time/seconds';
import { type JsonObject, parseObject } from '../../../contract/vendor-answer';

const longestLifeSeconds = 86_400;
const skewSeconds = 60;

/** Of the private key only the public half is used: it is all that Vonage has. */
export function isCustomer({ headers }: DialectRequest, { credentials, clock }: DialectContext): boolean {
  const [scheme = '', value = ''] = (headers['authorization'] ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'basic') return isAccount(value, credentials);
  if (scheme.toLowerCase() !== 'bearer') return false;
  return isApplication(value, credentials, unixSeconds(clock.now()));
}

type Credentials = DialectContext['credentials'];

function isAccount(value: string, credentials: Credentials): boolean {
  const { VONAGE_API_KEY: key, VONAGE_API_SECRET: secret } = credentials;
  if (key === undefined || secret === undefined) return false;
  const [sent, known] = [Buffer.from(value, 'base64'), Buffer.from(`${key}:${secret}`)];
  return sent.length === known.length && timingSafeEqual(sent, known);
}

function isApplication(token: string, credentials: Credentials, now: number): boolean {
  const { VONAGE_APPLICATION_ID: application, VONAGE_PRIVATE_KEY: key } = credentials;
  const parts = token.split('.');
  if (application === undefined || key === undefined || parts.length !== 3) return false;
  const [head, payload] = parts.slice(0, 2).map(decoded);
  if (head?.['alg'] !== 'RS256' || !isSigned(parts, key)) return false;
  const { application_id: signer, jti, ...times } = payload ?? {};
  return signer === application && typeof jti === 'string' && livesNow(times, now);
}

function isSigned([head = '', payload = '', signature = '']: readonly string[], key: string): boolean {
  const publicKey = createPublicKey(key.replaceAll('\\n', '\n'));
  const signed = Buffer.from(`${head}.${payload}`);
  return verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'));
}

function livesNow({ iat, exp }: JsonObject, now: number): boolean {
  if (typeof iat !== 'number' || typeof exp !== 'number') return false;
  return iat <= now + skewSeconds && exp > now && exp - iat <= longestLifeSeconds;
}

function decoded(part: string): JsonObject | undefined {
  return parseObject(Buffer.from(part, 'base64url').toString('utf8'));
}
