// What Vonage Messages posts: how a message ended, with its price, and what people write to our number.
import type {
  DeliveryReceipt,
  InboundMessage,
  ReceiptDependencies,
  ReceiptReader,
  ReceiptReading,
  WebhookRequest,
} from '../../contract/receipt';
import { instantOf, phoneOf, priceOf, referenceOf, senderOf } from '../../contract/receipt-fields';
import { isObject, type JsonObject, vendorCode, vendorId } from '../../contract/vendor-answer';
import type { VonageConfig } from './vonage.config';
import { vonageUndelivered } from './vonage.failures';
import { opened } from './vonage.webhook';

export class VonageReceipts implements ReceiptReader {
  constructor(private readonly dependencies: ReceiptDependencies<VonageConfig>) {}

  read(request: WebhookRequest): ReceiptReading {
    const webhook = opened(request, this.dependencies);
    if (!webhook.ok) return webhook;
    const { body } = webhook;
    const providerId = vendorId(body['message_uuid']);
    if (providerId === undefined) return { ok: false, refusal: 'unreadable' };
    const event = 'status' in body ? deliveryOf(providerId, body) : inboundOf(providerId, body);
    return { ok: true, events: event === undefined ? [] : [event] };
  }
}

function deliveryOf(providerId: string, body: JsonObject): DeliveryReceipt | undefined {
  const { status, timestamp, client_ref, error, usage } = body;
  const ending = endingOf(status, isObject(error) ? codeOf(error) : undefined);
  if (ending === undefined) return undefined;
  const { price, currency } = isObject(usage) ? usage : {};
  const reference = referenceOf(client_ref);
  const about = { providerId, ...(reference !== undefined && { reference }), at: instantOf(timestamp) };
  return { kind: 'delivery', ...about, ...ending, ...priceOf(price, currency) };
}

/** The number that Vonage gives as the title, else the end of its type. */
function codeOf({ title, type }: JsonObject): string | undefined {
  const isNumber = typeof title === 'string' && /^\d+$/.test(title);
  return vendorCode(isNumber ? title : typeof type === 'string' ? type.split('#').at(-1) : undefined);
}

function endingOf(status: unknown, code: string | undefined): Pick<DeliveryReceipt, 'status' | 'failure'> | undefined {
  if (status === 'submitted') return { status: 'sent' };
  if (status === 'delivered') return { status: 'delivered' };
  if (status !== 'rejected' && status !== 'undeliverable') return undefined;
  const kind = vonageUndelivered(code);
  return { status: 'failed', failure: { kind, ...(code !== undefined && { vendorCode: code }) } };
}

function inboundOf(providerId: string, { from, to, text, timestamp }: JsonObject): InboundMessage | undefined {
  const person = phoneOf(from);
  const sender = senderOf(to);
  if (person === undefined || sender === undefined || typeof text !== 'string') return undefined;
  return { kind: 'inbound', providerId, from: person, to: sender, text, at: instantOf(timestamp) };
}
