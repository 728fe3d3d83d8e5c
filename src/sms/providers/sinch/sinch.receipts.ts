// What Sinch SMS posts: how the message of a batch ended, and what people write to our number. Signed with HMAC-SHA256 over
// `<raw body>.<nonce>.<timestamp>`, where the service plan has a secret ("Callbacks", developers.sinch.com/docs/sms).
import { createHmac } from 'node:crypto';
import type { Secret } from '../../../config/secret';
import type { Clock } from '../../../platform/clock/clock';
import type {
  DeliveryReceipt,
  InboundMessage,
  ReceiptEvent,
  ReceiptReader,
  ReceiptReading,
  WebhookRequest,
} from '../../contract/receipt';
import { instantOf, phoneOf, referenceOf, senderOf } from '../../contract/receipt-fields';
import { isObject, type JsonObject, parseObject, vendorCode, vendorId } from '../../contract/vendor-answer';
import { fromBase64, isFresh, isSame } from '../../contract/webhook-signature';
import { sinchUndelivered } from './sinch.failures';

export class SinchReceipts implements ReceiptReader {
  constructor(
    private readonly secret: Secret,
    private readonly clock: Clock,
  ) {}

  read(request: WebhookRequest): ReceiptReading {
    const refusal = this.refusalOf(request);
    if (refusal !== undefined) return { ok: false, refusal };
    const body = parseObject(request.rawBody.toString('utf8'));
    if (body === undefined) return { ok: false, refusal: 'unreadable' };
    const told = eventOf(body);
    return { ok: true, events: told === undefined ? [] : [told] };
  }

  private refusalOf({ headers, rawBody }: WebhookRequest): 'bad_signature' | 'stale' | undefined {
    const header = (name: string): string => headers[`x-sinch-webhook-signature${name}`] ?? '';
    const timestamp = header('-timestamp');
    const signature = fromBase64(header(''));
    if (!/^\d{1,12}$/.test(timestamp) || signature === undefined) return 'bad_signature';
    if (header('-algorithm').toLowerCase() !== 'hmacsha256') return 'bad_signature';
    const mac = createHmac('sha256', this.secret.reveal())
      .update(rawBody)
      .update(`.${header('-nonce')}.${timestamp}`);
    if (!isSame(mac.digest(), signature)) return 'bad_signature';
    return isFresh(Number(timestamp), this.clock.now()) ? undefined : 'stale';
  }
}

function eventOf(body: JsonObject): ReceiptEvent | undefined {
  const { type } = body;
  if (type === 'recipient_delivery_report_sms') return deliveryOf(body, body, instantOf(body['at']));
  if (type === 'mo_text') return inboundOf(body);
  if (type !== 'delivery_report_sms') return undefined;
  // Of a whole batch, where the service plan was told so: ours have one recipient, and so one status.
  const statuses: unknown = body['statuses'];
  const only: unknown = Array.isArray(statuses) && statuses.length === 1 ? statuses[0] : undefined;
  return isObject(only) ? deliveryOf(body, only, null) : undefined;
}

function deliveryOf(batch: JsonObject, said: JsonObject, at: Date | null): DeliveryReceipt | undefined {
  const providerId = vendorId(batch['batch_id']);
  const ending = endingOf(said['status'], vendorCode(said['code']));
  if (providerId === undefined || ending === undefined) return undefined;
  const reference = referenceOf(batch['client_reference']);
  return { kind: 'delivery', providerId, ...(reference !== undefined && { reference }), at, ...ending };
}

const failed: readonly unknown[] = ['Aborted', 'Cancelled', 'Deleted', 'Expired', 'Failed', 'Rejected'];

/** Unknown: the network took it, and no word of the phone ever came. */
function endingOf(status: unknown, code: string | undefined): Pick<DeliveryReceipt, 'status' | 'failure'> | undefined {
  if (status === 'Delivered') return { status: 'delivered' };
  if (status === 'Dispatched' || status === 'Unknown') return { status: 'sent' };
  if (!failed.includes(status)) return undefined;
  const kind = status === 'Expired' ? 'expired' : sinchUndelivered(code);
  return { status: 'failed', failure: { kind, ...(code !== undefined && { vendorCode: code }) } };
}

function inboundOf({ id, from, to, body, received_at: at }: JsonObject): InboundMessage | undefined {
  const providerId = vendorId(id);
  const person = phoneOf(from);
  const sender = senderOf(to);
  if (providerId === undefined || person === undefined || sender === undefined) return undefined;
  const text = typeof body === 'string' ? body : '';
  return { kind: 'inbound', providerId, from: person, to: sender, text, at: instantOf(at) };
}
