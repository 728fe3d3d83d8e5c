// A callback of the simulated Sinch SMS, signed as its guide says: HMAC-SHA256 over `<body>.<nonce>.<timestamp>`.
import { createHmac } from 'node:crypto';
import type { DialectContext, OutgoingWebhook } from '../../../contract/dialect';
import { unixSeconds } from '../../../../platform/time/seconds';

export function webhook(payload: object, at: Date, { random, credentials }: DialectContext): OutgoingWebhook {
  const body = JSON.stringify(payload);
  const nonce = random.uuid();
  const timestamp = String(unixSeconds(at));
  const hmac = createHmac('sha256', credentials['SINCH_WEBHOOK_SECRET'] ?? '');
  const headers = {
    'content-type': 'application/json',
    'x-sinch-webhook-signature': hmac.update(`${body}.${nonce}.${timestamp}`).digest('base64'),
    'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
    'x-sinch-webhook-signature-nonce': nonce,
    'x-sinch-webhook-signature-timestamp': timestamp,
  };
  return { headers, body };
}
