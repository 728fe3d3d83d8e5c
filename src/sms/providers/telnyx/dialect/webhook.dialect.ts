// A webhook of the simulated Telnyx, signed as Telnyx signs: Ed25519 over `<timestamp>|<body>`.
import { sign } from 'node:crypto';
import type { DialectContext, Occasion, OutgoingWebhook } from '../../../contract/dialect';
import { unixSeconds } from '../../../../platform/time/seconds';
import type { JsonObject } from '../../../contract/vendor-answer';
import { webhookKey } from '../telnyx.keys';

export function webhook(
  type: string,
  payload: JsonObject,
  { url, at }: Occasion,
  { random, credentials }: DialectContext,
): OutgoingWebhook {
  const body = JSON.stringify({
    data: { event_type: type, id: random.uuid(), occurred_at: at.toISOString(), payload, record_type: 'event' },
    meta: { attempt: 1, delivered_to: url },
  });
  const timestamp = String(unixSeconds(at));
  const signature = sign(null, Buffer.from(`${timestamp}|${body}`), webhookKey(credentials['SIMULATOR_TELNYX_SEED']));
  const headers = {
    'content-type': 'application/json',
    'telnyx-timestamp': timestamp,
    'telnyx-signature-ed25519': signature.toString('base64'),
  };
  return { headers, body };
}
