// A gateway as docs/sms-gateway.md asks for it, in the simulator: signature first, then the message; the same id is sent once.
// The signature is computed apart from http.signature.ts, from the page, so that both cannot share a slip.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type {
  Dialect,
  DialectAnswer,
  DialectContext,
  DialectRequest,
  MessageNews,
  OutgoingWebhook,
} from '../../contract/dialect';
import { unixSeconds } from '../../../platform/time/seconds';
import { codeIn } from '../../contract/phone-text.dialect';
import { type JsonObject, parseObject } from '../../contract/vendor-answer';
import { developmentKeys } from './http.keys';

const toleranceSeconds = 300;
const remembered = 10_000;

export const dialect: Dialect = {
  provider: 'http',
  developmentKeys,
  routes: (context) => {
    const sent = new Set<string>();
    const answer = (request: DialectRequest): DialectAnswer =>
      problemOfSender(request, context) ?? take(parseObject(request.rawBody), context, sent);
    return [{ method: 'POST', path: '/sms-gateway', answer }];
  },
  inbound: ({ id, from, text }, { at }, context) =>
    signed({ event: 'inbound', id, from, to: '+13125550109', text, at: at.toISOString() }, at, context),
};

function signed(payload: object, at: Date, { credentials }: DialectContext): OutgoingWebhook {
  const body = JSON.stringify(payload);
  const timestamp = String(unixSeconds(at));
  const mac = createHmac('sha256', credentials['SMS_HTTP_SECRET'] ?? '').update(`${timestamp}.${body}`, 'utf8');
  const headers = {
    'content-type': 'application/json',
    'latchkey-timestamp': timestamp,
    'latchkey-signature': `v1=${mac.digest('hex')}`,
  };
  return { headers, body };
}

function newsOf(id: string, url: unknown, context: DialectContext): MessageNews {
  return {
    ...(typeof url === 'string' && { url }),
    write: (stage, { at }) => {
      const error = stage === 'failed' ? { error: 'undelivered' } : {};
      return signed({ event: 'delivery', id, status: stage, at: at.toISOString(), ...error }, at, context);
    },
  };
}

function problemOfSender({ headers, rawBody }: DialectRequest, context: DialectContext): DialectAnswer | undefined {
  const timestamp = headers['latchkey-timestamp'] ?? '';
  const mac = createHmac('sha256', context.credentials['SMS_HTTP_SECRET'] ?? '');
  mac.update(timestamp).update('.').update(Buffer.from(rawBody));
  const expected = Buffer.concat([Buffer.from('v1='), Buffer.from(mac.digest('hex'))]);
  const presented = Buffer.from(headers['latchkey-signature'] ?? '');
  const genuine = presented.length === expected.length && timingSafeEqual(presented, expected);
  if (!genuine) return refuse(401, 'bad_signature');
  const age = context.clock.now().getTime() / 1000 - Number(timestamp);
  return Math.abs(age) <= toleranceSeconds ? undefined : refuse(401, 'stale');
}

function take(message: JsonObject | undefined, context: DialectContext, sent: Set<string>): DialectAnswer {
  const { id, to, text, expiresAt, receiptUrl } = message ?? {};
  const strings = [id, to, text, expiresAt].every((value) => typeof value === 'string' && value !== '');
  if (!strings || Number.isNaN(Date.parse(String(expiresAt)))) return refuse(400, 'bad_request');
  if (!/^\+[1-9]\d{6,14}$/.test(String(to))) return refuse(422, 'invalid_number');
  if (Date.parse(String(expiresAt)) <= context.clock.now().getTime()) return refuse(410, 'expired');
  if (context.hasStopped(String(to))) return refuse(403, 'opted_out');
  const ours = `gateway-${String(id)}`;
  if (!sent.has(String(id))) {
    sent.add(String(id));
    const [oldest] = sent;
    if (sent.size > remembered && oldest !== undefined) sent.delete(oldest);
    context.deliver(
      { to: String(to), text: String(text), code: codeIn(String(text)), channel: 'sms' },
      newsOf(ours, receiptUrl, context),
    );
  }
  return { status: 202, body: { id: ours } };
}

function refuse(status: number, error: string): DialectAnswer {
  return { status, body: { error } };
}
