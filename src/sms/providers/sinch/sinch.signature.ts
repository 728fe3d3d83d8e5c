// The "Application" request signature of Sinch (developers.sinch.com, "Application signed request"; vectors in
// sinch-signature.json): HMAC-SHA256 under the decoded secret over verb, body digest, content type, time and path.
import { createHmac, hash } from 'node:crypto';

export interface SinchSignedParts {
  readonly method: string;
  /** Exactly as on the wire, empty without a body. */
  readonly body: string | Buffer;
  readonly contentType: string;
  /** Value of x-timestamp, ISO 8601. */
  readonly timestamp: string;
  /** Path exactly as sent, still percent-encoded, without origin. */
  readonly path: string;
}

/**
 * MD5 is the vendor's choice for the body digest; the strength is the HMAC's.
 * @param secret base64, as the vendor's dashboard shows it
 * @returns the signature in base64
 */
export function sinchSignature(secret: string, parts: SinchSignedParts): string {
  const digest = parts.body.length === 0 ? '' : hash('md5', parts.body, 'base64');
  const lines = [parts.method, digest, parts.contentType, `x-timestamp:${parts.timestamp}`, parts.path];
  return createHmac('sha256', Buffer.from(secret, 'base64')).update(lines.join('\n'), 'utf8').digest('base64');
}
