// What Infobip posts about SMS: reports of up to 100 messages at once, and what people write to our number. Protected as the
// operator has set up the subscription: HMAC_SHA_256 over the raw body, or Basic credentials. Infobip signs no time.
import { createHmac } from 'node:crypto';
import type {
  DeliveryReceipt,
  ReceiptEvent,
  ReceiptReader,
  ReceiptReading,
  UndeliveredKind,
  WebhookRequest,
} from '../../contract/receipt';
import { instantOf, phoneOf, priceOf, referenceOf, senderOf } from '../../contract/receipt-fields';
import { isObject, type JsonObject, parseObject, vendorCode, vendorId } from '../../contract/vendor-answer';
import { fromBase64, isSame } from '../../contract/webhook-signature';
import type { InfobipConfig } from './infobip.config';
import { infobipUndelivered } from './infobip.failures';

type Proof = (request: WebhookRequest) => boolean;

/** @returns undefined while neither way of proof is configured */
export function infobipReceipts(config: InfobipConfig): ReceiptReader | undefined {
  const { INFOBIP_WEBHOOK_SECRET: secret, INFOBIP_WEBHOOK_CREDENTIALS: credentials } = config;
  const isGenuine: Proof | undefined =
    secret === undefined
      ? credentials && ((request) => hasCredentials(request, credentials.reveal()))
      : (request) => isSigned(request, secret.reveal(), config.INFOBIP_WEBHOOK_HEADER.toLowerCase());
  if (isGenuine === undefined) return undefined;
  return { read: (request) => (isGenuine(request) ? readResults(request) : { ok: false, refusal: 'bad_signature' }) };
}

/** Hex or base64: the vendor's documents do not say which. */
function isSigned({ headers, rawBody }: WebhookRequest, secret: string, header: string): boolean {
  const given = headers[header] ?? '';
  const signature = /^[0-9a-f]{64}$/i.test(given) ? Buffer.from(given, 'hex') : fromBase64(given);
  const expected = createHmac('sha256', secret).update(rawBody).digest();
  return signature !== undefined && isSame(expected, signature);
}

function hasCredentials({ headers }: WebhookRequest, credentials: string): boolean {
  const [, given] = /^basic +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const decoded = fromBase64(given);
  return decoded !== undefined && isSame(Buffer.from(credentials, 'utf8'), decoded);
}

function readResults({ rawBody }: WebhookRequest): ReceiptReading {
  const results = parseObject(rawBody.toString('utf8'))?.['results'];
  if (!Array.isArray(results)) return { ok: false, refusal: 'unreadable' };
  const events = results.map((result: unknown) => (isObject(result) ? eventOf(result) : undefined));
  return { ok: true, events: events.filter((event) => event !== undefined) };
}

function eventOf(result: JsonObject): ReceiptEvent | undefined {
  const providerId = vendorId(result['messageId']);
  if (providerId === undefined) return undefined;
  const { status, from, to, text, receivedAt } = result;
  if (isObject(status)) {
    const ending = endingOf(status);
    // The id of a text is ours, which Infobip repeats: it tells the hand-over even when the answer to it was lost.
    const reference = referenceOf(providerId);
    const about = { providerId, ...(reference !== undefined && { reference }), at: instantOf(result['doneAt']) };
    return ending && { kind: 'delivery', ...about, ...ending, ...priceOfAll(result) };
  }
  const person = phoneOf(from);
  const sender = senderOf(to);
  if (person === undefined || sender === undefined || typeof text !== 'string') return undefined;
  return { kind: 'inbound', providerId, from: person, to: sender, text, at: instantOf(receivedAt) };
}

const undeliveredOfGroup: ReadonlyMap<unknown, UndeliveredKind> = new Map<unknown, UndeliveredKind>([
  [2, 'undelivered'],
  [4, 'expired'],
  [5, 'undelivered'],
]);

/** By group; within the groups of failures the name says more. */
function endingOf({ groupId, id, name }: JsonObject): Pick<DeliveryReceipt, 'status' | 'failure'> | undefined {
  if (groupId === 3) return { status: 'delivered' };
  if (groupId === 1) return { status: 'sent' };
  const ofGroup = undeliveredOfGroup.get(groupId);
  if (ofGroup === undefined) return undefined;
  const status = {
    id: typeof id === 'number' ? id : undefined,
    name: typeof name === 'string' ? name : undefined,
  };
  const code = vendorCode(name ?? id);
  const kind = infobipUndelivered(status) ?? ofGroup;
  return { status: 'failed', failure: { kind, ...(code !== undefined && { vendorCode: code }) } };
}

/** The vendor prices each part of a message. */
function priceOfAll({ price, messageCount }: JsonObject): Pick<DeliveryReceipt, 'price'> {
  const { pricePerMessage: each, currency } = isObject(price) ? price : {};
  if (typeof each !== 'number') return {};
  const amount = each * (typeof messageCount === 'number' ? messageCount : 1);
  return priceOf(amount.toFixed(8).replace(/\.?0+$/, ''), currency);
}
