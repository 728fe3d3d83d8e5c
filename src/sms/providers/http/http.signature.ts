// How the operator's gateway knows that a request is ours and unchanged, and we that a receipt is its: HMAC-SHA-256 over time and body (docs/sms-gateway.md).
import { createHmac } from 'node:crypto';

/**
 * @param timestamp unix seconds in decimal, exactly as in the header latchkey-timestamp
 * @param body exactly as sent
 * @returns the value of the header latchkey-signature: `v1=` and 64 hex digits
 */
export function gatewaySignature(secret: string, timestamp: string, body: string | Buffer): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}
