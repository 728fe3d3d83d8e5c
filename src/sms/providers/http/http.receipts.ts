// What the operator's own gateway posts: how a message ended, and what people write back (docs/sms-gateway.md). Signed as our
// requests to it are; what we sent to it is no receipt, so that none of it can be played back to us.
import type {
  DeliveryReceipt,
  InboundMessage,
  ReceiptDependencies,
  ReceiptReader,
  ReceiptReading,
  ReceiptStatus,
  UndeliveredKind,
  WebhookRequest,
} from '../../contract/receipt';
import { instantOf, phoneOf, priceOf, senderOf } from '../../contract/receipt-fields';
import { isObject, type JsonObject, parseObject, vendorId } from '../../contract/vendor-answer';
import { isFresh, isSame } from '../../contract/webhook-signature';
import type { HttpGatewayConfig } from './http.config';
import { gatewaySignature } from './http.signature';

const statuses: readonly ReceiptStatus[] = ['sent', 'delivered', 'failed'];
const undeliveredKinds: readonly UndeliveredKind[] = [
  'undelivered',
  'expired',
  'opted_out',
  'blocked',
  'invalid_number',
  'unsupported_destination',
  'out_of_credit',
];

export class HttpGatewayReceipts implements ReceiptReader {
  constructor(private readonly dependencies: ReceiptDependencies<HttpGatewayConfig>) {}

  read(request: WebhookRequest): ReceiptReading {
    const refusal = this.refusalOf(request);
    if (refusal !== undefined) return { ok: false, refusal };
    const body = parseObject(request.rawBody.toString('utf8'));
    if (typeof body?.['event'] !== 'string') return { ok: false, refusal: 'unreadable' };
    const told = deliveryOf(body) ?? inboundOf(body);
    return { ok: true, events: told === undefined ? [] : [told] };
  }

  private refusalOf({ headers, rawBody }: WebhookRequest): 'bad_signature' | 'stale' | undefined {
    const { config, clock } = this.dependencies;
    const timestamp = headers['latchkey-timestamp'] ?? '';
    const expected = gatewaySignature(config.SMS_HTTP_SECRET?.reveal() ?? '', timestamp, rawBody);
    const given = Buffer.from(headers['latchkey-signature'] ?? '');
    if (!/^\d{1,12}$/.test(timestamp) || !isSame(Buffer.from(expected), given)) return 'bad_signature';
    return isFresh(Number(timestamp), clock.now()) ? undefined : 'stale';
  }
}

function deliveryOf({ event, id, status, error, at, price }: JsonObject): DeliveryReceipt | undefined {
  const providerId = vendorId(id);
  const known = statuses.find((candidate) => candidate === status);
  if (event !== 'delivery' || providerId === undefined || known === undefined) return undefined;
  const kind = undeliveredKinds.find((candidate) => candidate === error) ?? 'undelivered';
  const { amount, currency } = isObject(price) ? price : {};
  const failure = known === 'failed' ? { failure: { kind } } : {};
  return { kind: 'delivery', providerId, status: known, at: instantOf(at), ...failure, ...priceOf(amount, currency) };
}

function inboundOf({ event, id, from, to, text, at }: JsonObject): InboundMessage | undefined {
  const [providerId, person, sender] = [vendorId(id), phoneOf(from), senderOf(to)];
  if (event !== 'inbound' || providerId === undefined || typeof text !== 'string') return undefined;
  if (person === undefined || sender === undefined) return undefined;
  return { kind: 'inbound', providerId, from: person, to: sender, text, at: instantOf(at) };
}
