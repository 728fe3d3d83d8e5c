// Telnyx Messaging as the simulator speaks it, from Telnyx's OpenAPI file and its error-code page, not from our client.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, MessageNews } from '../../contract/dialect';
import { codeIn } from '../../contract/phone-text.dialect';
import { type JsonObject, parseObject } from '../../contract/vendor-answer';
import { isJson, type Refusal, refuse, refusedCaller } from './dialect/answers.dialect';
import { webhook } from './dialect/webhook.dialect';
import { developmentKeys } from './telnyx.keys';

export const dialect: Dialect = {
  provider: 'telnyx',
  developmentKeys,
  routes: (context) => [{ method: 'POST', path: '/v2/messages', answer: (request) => send(request, context) }],
  inbound: ({ id, from, text }, occasion, context) => {
    const to = [{ phone_number: context.credentials['TELNYX_PHONE_NUMBER'], status: 'webhook_delivered' }];
    const sender = { phone_number: from, carrier: 'SIMULATED', line_type: 'Wireless' };
    const payload = { record_type: 'message', id, direction: 'inbound', type: 'SMS', from: sender, to, text };
    return webhook('message.received', payload, occasion, context);
  },
};

function send(request: DialectRequest, context: DialectContext): DialectAnswer {
  const stranger = refusedCaller(request, context);
  if (stranger !== undefined) return stranger;
  const body = parseObject(request.rawBody);
  if (body === undefined || !isJson(request)) return refuse({ status: 400, code: '10015', title: 'Bad Request' });
  const wrong = problemOf(body, context);
  if (wrong !== undefined) return refuse(wrong);
  const to = String(body['to']);
  const text = String(body['text']);
  if (context.hasStopped(to)) {
    return refuse({ status: 400, code: '40300', title: 'Blocked due to STOP message', pointer: '/to' });
  }
  const message = messageOf(body, context);
  context.deliver({ to, text, code: codeIn(text), channel: 'sms' }, newsOf(message, context));
  return { status: 200, body: { data: message } };
}

/** message.sent, then message.finalized with what the carrier said. */
function newsOf(message: JsonObject, context: DialectContext): MessageNews {
  const { webhook_url: url, to } = message;
  const [first] = to as readonly JsonObject[];
  return {
    ...(typeof url === 'string' && { url }),
    write: (stage, occasion) => {
      const status = stage === 'failed' ? 'delivery_failed' : stage;
      const errors = stage === 'failed' ? [{ code: '40008', title: 'Undeliverable' }] : [];
      const completed = stage === 'sent' ? {} : { completed_at: occasion.at.toISOString() };
      const payload = { ...message, ...completed, sent_at: message['received_at'], to: [{ ...first, status }], errors };
      return webhook(stage === 'sent' ? 'message.sent' : 'message.finalized', payload, occasion, context);
    },
  };
}

function problemOf(body: JsonObject, context: DialectContext): Refusal | undefined {
  const { to, text, from } = body;
  if (typeof to !== 'string') {
    return { status: 422, code: '10004', title: 'Missing required parameter', pointer: '/to' };
  }
  if (!/^\+[1-9]\d{6,14}$/.test(to)) {
    return { status: 422, code: '10016', title: 'Phone number must be in +E.164 format', pointer: '/to' };
  }
  if (typeof text !== 'string' || text === '') {
    return { status: 422, code: '10004', title: 'Missing required parameter', pointer: '/text' };
  }
  if (from !== context.credentials['TELNYX_PHONE_NUMBER'] && !pooled(body, context)) {
    return { status: 400, code: '40305', title: "Invalid 'from' address", pointer: '/from' };
  }
  const type = body['type'] ?? 'SMS';
  if (type !== 'SMS' && type !== 'MMS') {
    return { status: 422, code: '10015', title: 'Bad Request', pointer: '/type' };
  }
  return undefined;
}

/** Without `from` the number pool of a messaging profile sends. */
function pooled(body: JsonObject, context: DialectContext): boolean {
  const profile = context.credentials['TELNYX_MESSAGING_PROFILE_ID'];
  return body['from'] === undefined && profile !== undefined && body['messaging_profile_id'] === profile;
}

function messageOf(body: JsonObject, context: DialectContext): JsonObject {
  const text = String(body['text']);
  const ucs2 = /[^\n\r\x20-\x7e]/.test(text);
  const now = context.clock.now();
  return {
    record_type: 'message',
    id: context.random.uuid(),
    direction: 'outbound',
    type: body['type'] ?? 'SMS',
    messaging_profile_id: body['messaging_profile_id'] ?? '4000eba1-a0c0-4563-9925-b25e842a7cb6',
    organization_id: 'b448f9cc-a842-4784-98e9-03c1a5872950',
    from: { phone_number: body['from'] ?? '', carrier: 'TELNYX LLC', line_type: 'VoIP' },
    to: [{ phone_number: body['to'], status: 'queued', carrier: 'SIMULATED', line_type: 'Wireless' }],
    cc: [],
    text,
    media: [],
    parts: Math.min(Math.ceil(text.length / (ucs2 ? 70 : 160)), 10),
    encoding: ucs2 ? 'UCS-2' : 'GSM-7',
    errors: [],
    cost: { amount: '0.0051', currency: 'USD' },
    received_at: now.toISOString(),
    sent_at: null,
    completed_at: null,
    valid_until: new Date(now.getTime() + 3_600_000).toISOString(),
    webhook_url: body['webhook_url'] ?? null,
    webhook_failover_url: body['webhook_failover_url'] ?? null,
  };
}
