// Signed webhooks of Vonage (developer.vonage.com, "Webhooks", signed webhooks): a JWT of HS256 with the account's signature secret;
// `payload_hash` is the SHA-256 of the body as it arrived, in hex.
import { hash } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { isObject, type JsonObject } from '../../contract/vendor-answer';
import { isSame } from '../../contract/webhook-signature';

const jwt = new JwtService();

/** @returns the claims of a bearer token that was signed with the secret, else undefined. Its age is not judged. */
export function signedClaims(authorization: string | undefined, secret: string): JsonObject | undefined {
  const [, token] = /^bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) return undefined;
  try {
    const claims: unknown = jwt.verify(token, { secret, algorithms: ['HS256'], ignoreExpiration: true });
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the claims are about this body. */
export function signsBody(claims: JsonObject, rawBody: Buffer): boolean {
  const { payload_hash: told } = claims;
  const expected = hash('sha256', rawBody, 'buffer');
  return typeof told === 'string' && /^[0-9a-f]{64}$/i.test(told) && isSame(expected, Buffer.from(told, 'hex'));
}
