// What Twilio posts about messages, and what people write to our number: forms, signed with the auth token. Twilio signs no time, so
// there is no replay window; a receipt that comes again changes nothing. Our delivery id is in the query of the URL, which is signed.
import type {
  DeliveryReceipt,
  InboundMessage,
  ReceiptDependencies,
  ReceiptReader,
  ReceiptReading,
  WebhookRequest,
} from '../../contract/receipt';
import { phoneOf, referenceOf, senderOf } from '../../contract/receipt-fields';
import { vendorCode, vendorId } from '../../contract/vendor-answer';
import { fromBase64, isSame } from '../../contract/webhook-signature';
import type { TwilioConfig } from './twilio.config';
import { twilioUndelivered } from './twilio.failures';
import { twilioSignature } from './twilio.signature';

/** Query parameter of the status callback that we hand to Twilio with each message. */
export const REFERENCE = 'reference';

/** Anything but TwiML is an error in Twilio's console, and text would be sent as an answer. */
const noAnswer = { contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' };
const optOuts: ReadonlyMap<string | null, InboundMessage['optOut']> = new Map([
  ['STOP', 'stop'],
  ['START', 'start'],
]);

export class TwilioReceipts implements ReceiptReader {
  constructor(private readonly dependencies: ReceiptDependencies<TwilioConfig>) {}

  read(request: WebhookRequest): ReceiptReading {
    const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
    const form = new URLSearchParams(isForm ? request.rawBody.toString('utf8') : '');
    if (!this.isSigned(request, form)) return { ok: false, refusal: 'bad_signature' };
    const providerId = vendorId(form.get('MessageSid'));
    if (providerId === undefined) return { ok: false, refusal: 'unreadable' };
    const status = form.get('MessageStatus');
    if (status === null) return inboundOf(providerId, form);
    const ending = endingOf(status, vendorCode(form.get('ErrorCode')));
    const reference = referenceOf(new URL(request.url).searchParams.get(REFERENCE));
    const about = { providerId, ...(reference !== undefined && { reference }), at: null };
    return { ok: true, events: ending === undefined ? [] : [{ kind: 'delivery', ...about, ...ending }] };
  }

  /** As Twilio's own library does, with the default port written and not: proxies differ. */
  private isSigned({ url, headers }: WebhookRequest, form: URLSearchParams): boolean {
    const token = this.dependencies.config.TWILIO_AUTH_TOKEN?.reveal() ?? '';
    const given = fromBase64(headers['x-twilio-signature']);
    if (given === undefined) return false;
    return [url, withPort(url)].some((one) => isSame(Buffer.from(twilioSignature(token, one, form), 'base64'), given));
  }
}

function withPort(url: string): string {
  const { protocol, host, port } = new URL(url);
  return port === '' ? url.replace(host, `${host}:${protocol === 'https:' ? 443 : 80}`) : url;
}

function endingOf(status: string, code: string | undefined): Pick<DeliveryReceipt, 'status' | 'failure'> | undefined {
  if (status === 'delivered' || status === 'read') return { status: 'delivered' };
  if (status === 'sent') return { status: 'sent' };
  if (status !== 'undelivered' && status !== 'failed' && status !== 'canceled') return undefined;
  const kind = twilioUndelivered(code);
  return { status: 'failed', failure: { kind, ...(code !== undefined && { vendorCode: code }) } };
}

function inboundOf(providerId: string, form: URLSearchParams): ReceiptReading {
  const [from, to, text] = [phoneOf(form.get('From')), senderOf(form.get('To')), form.get('Body')];
  if (from === undefined || to === undefined) return { ok: true, events: [], answer: noAnswer };
  const optOut = optOuts.get(form.get('OptOutType'));
  const message: InboundMessage = { kind: 'inbound', providerId, from, to, text: text ?? '', at: null };
  return { ok: true, events: [{ ...message, ...(optOut !== undefined && { optOut }) }], answer: noAnswer };
}
