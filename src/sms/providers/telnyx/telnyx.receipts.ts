// What Telnyx posts about messages and verifications, and what people write to our number. Signed with Ed25519 over
// `<timestamp>|<raw body>`, by one key per account for all its products; both of our definitions read alike.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Clock } from '../../../platform/clock/clock';
import type {
  DeliveryReceipt,
  ReceiptEvent,
  ReceiptReader,
  ReceiptReading,
  WebhookRequest,
} from '../../contract/receipt';
import { instantOf, phoneOf, priceOf, senderOf } from '../../contract/receipt-fields';
import { isObject, type JsonObject, parseObject, vendorCode, vendorId } from '../../contract/vendor-answer';
import { fromBase64, isFresh } from '../../contract/webhook-signature';
import { telnyxUndelivered } from './telnyx.failures';

/** SubjectPublicKeyInfo of an Ed25519 key, up to its 32 bytes (RFC 8410 section 4). */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');
const deliveryEvents: readonly unknown[] = ['message.sent', 'message.finalized'];
const verifyEvents: readonly unknown[] = ['verify.sent', 'verify.delivered', 'verify.failed'];

export class TelnyxReceipts implements ReceiptReader {
  private readonly key: KeyObject;

  /** @param publicKey base64 of its 32 bytes, as the portal shows it */
  constructor(
    publicKey: string,
    private readonly clock: Clock,
  ) {
    const key = Buffer.concat([spkiPrefix, Buffer.from(publicKey, 'base64')]);
    this.key = createPublicKey({ key, format: 'der', type: 'spki' });
  }

  read(request: WebhookRequest): ReceiptReading {
    const refusal = this.refusalOf(request);
    if (refusal !== undefined) return { ok: false, refusal };
    const event = parseObject(request.rawBody.toString('utf8'))?.['data'];
    const payload = isObject(event) ? event['payload'] : undefined;
    if (!isObject(event) || !isObject(payload)) return { ok: false, refusal: 'unreadable' };
    const told = eventOf(event, payload);
    return { ok: true, events: told === undefined ? [] : [told] };
  }

  private refusalOf({ headers, rawBody }: WebhookRequest): 'bad_signature' | 'stale' | undefined {
    const timestamp = headers['telnyx-timestamp'] ?? '';
    const signature = fromBase64(headers['telnyx-signature-ed25519']);
    if (!/^\d{1,12}$/.test(timestamp) || signature === undefined) return 'bad_signature';
    const signed = Buffer.concat([Buffer.from(`${timestamp}|`), rawBody]);
    if (!verify(null, signed, this.key, signature)) return 'bad_signature';
    return isFresh(Number(timestamp), this.clock.now()) ? undefined : 'stale';
  }
}

function eventOf(event: JsonObject, payload: JsonObject): ReceiptEvent | undefined {
  const { event_type: type } = event;
  const providerId = vendorId(payload['id']);
  if (providerId === undefined) return undefined;
  const at = instantOf(event['occurred_at']);
  if (type === 'message.received') return inboundOf(providerId, payload, at);
  const status = deliveryEvents.includes(type)
    ? firstOf(payload['to'])?.['status']
    : verifyEvents.includes(type)
      ? payload['delivery_status']
      : undefined;
  const ending = endingOf(status, vendorCode(firstOf(payload['errors'])?.['code']));
  const cost = isObject(payload['cost']) ? payload['cost'] : {};
  return ending && { kind: 'delivery', providerId, at, ...ending, ...priceOf(cost['amount'], cost['currency']) };
}

/** delivery_unconfirmed says nothing about the phone: the carrier will not tell. */
function endingOf(status: unknown, code: string | undefined): Pick<DeliveryReceipt, 'status' | 'failure'> | undefined {
  if (status === 'delivered') return { status: 'delivered' };
  if (status === 'sent' || status === 'sending' || status === 'delivery_unconfirmed') return { status: 'sent' };
  if (status === 'expired') return { status: 'failed', failure: { kind: 'expired' } };
  if (status !== 'sending_failed' && status !== 'delivery_failed') return undefined;
  return { status: 'failed', failure: { kind: telnyxUndelivered(code), ...(code && { vendorCode: code }) } };
}

function inboundOf(providerId: string, payload: JsonObject, at: Date | null): ReceiptEvent | undefined {
  const from = payload['from'];
  const person = phoneOf(isObject(from) ? from['phone_number'] : undefined);
  const to = senderOf(firstOf(payload['to'])?.['phone_number']);
  const { text } = payload;
  if (person === undefined || to === undefined) return undefined;
  return { kind: 'inbound', providerId, from: person, to, text: typeof text === 'string' ? text : '', at };
}

function firstOf(list: unknown): JsonObject | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isObject(first) ? first : undefined;
}
