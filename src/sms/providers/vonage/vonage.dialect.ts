// Vonage Messages as the simulator speaks it, from Vonage's OpenAPI 1.11.0, not from our client: texts by SMS.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, MessageNews } from '../../contract/dialect';
import { codeIn } from '../../contract/phone-text.dialect';
import { type JsonObject, parseObject } from '../../contract/vendor-answer';
import { isCustomer } from './dialect/caller.dialect';
import { isText, isWhole, optional, refusalBy, refuse, type Rule } from './dialect/problem.dialect';
import { webhook } from './dialect/webhook.dialect';
import { developmentKeys } from './vonage.keys';

const errors = 'https://developer.vonage.com/api-errors';

export const dialect: Dialect = {
  provider: 'vonage',
  developmentKeys,
  routes: (context) => [{ method: 'POST', path: '/v1/messages', answer: (request) => send(request, context) }],
  inbound: ({ id, from, text }, { at }, context) => {
    const to = context.credentials['VONAGE_FROM']?.replace(/^\+/, '');
    const sms = { num_messages: '1', keyword: text.split(' ', 1)[0]?.toUpperCase() };
    const about = { channel: 'sms', message_uuid: id, to, from: from.slice(1), timestamp: seconds(at), text };
    return webhook({ ...about, sms, usage: { currency: 'EUR', price: '0.0057' } }, at, context);
  },
};

function send(request: DialectRequest, context: DialectContext): DialectAnswer {
  if (!isCustomer(request, context)) return unauthorized();
  const body = parseObject(request.rawBody);
  if (body === undefined) {
    const title = 'The request body did not contain valid JSON';
    return refuse({ status: 422, type: `${errors}#invalid-json`, title, detail: 'Unexpected character' });
  }
  const refused = refusalOf(body, context);
  if (refused !== undefined) return refused;
  const text = String(body['text']);
  const id = context.random.uuid();
  const message = { to: `+${String(body['to'])}`, text, code: codeIn(text), channel: 'sms' } as const;
  // Only an application has webhooks.
  const isApplication = /^bearer /i.test(request.headers['authorization'] ?? '');
  context.deliver(message, isApplication ? newsOf(id, body, context) : undefined);
  return { status: 202, body: { message_uuid: id } };
}

function newsOf(id: string, body: JsonObject, context: DialectContext): MessageNews {
  const { webhook_url: url, to, from, client_ref } = body;
  return {
    ...(typeof url === 'string' && { url }),
    write: (stage, { at }) => {
      const status = { sent: 'submitted', delivered: 'delivered', failed: 'undeliverable' }[stage];
      const usage = { currency: 'EUR', price: '0.0333' };
      const about = { message_uuid: id, to, from, timestamp: seconds(at), status, channel: 'sms', client_ref, usage };
      return webhook(stage === 'failed' ? { ...about, error: unreachable } : about, at, context);
    },
  };
}

const unreachable = {
  type: `${errors}/messages#1260`,
  title: '1260',
  detail: 'Destination unreachable - The message could not be delivered to the phone number.',
  instance: 'bf0ca0bf927b3b52e3cb03217e1a1ddf',
};

/** ISO 8601 without fractions. */
function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}/, '');
}

function unauthorized(): DialectAnswer {
  const detail = "Check that you're using the correct credentials, and that your account has this feature enabled";
  const title = 'You did not provide correct credentials.';
  // The specification requires `details` of this one refusal, and describes `detail`.
  return refuse({ status: 401, type: `${errors}/#unathorized`, title, detail }, { details: detail });
}

const rules: readonly Rule[] = [
  ['channel', isText(/^sms$/), 'is not supported'],
  ['message_type', isText(/^text$/), 'is not supported for the channel'],
  ['to', isText(/^[1-9]\d{6,14}$/), 'must be a phone number without +'],
  ['text', isText(/^/, 1, 1000), 'must be 1 to 1000 characters'],
  ['client_ref', optional(isText(/^/, 1, 100)), 'must be 1 to 100 characters'],
  ['ttl', optional(isWhole(1)), 'must be a whole number'],
];

function refusalOf(body: JsonObject, context: DialectContext): DialectAnswer | undefined {
  const refused = refusalBy(rules, body, `${errors}/messages#1150`);
  if (refused === undefined && context.hasStopped(`+${String(body['to'])}`)) return optedOut();
  if (refused !== undefined || body['from'] === context.credentials['VONAGE_FROM']?.replace(/^\+/, '')) return refused;
  const detail = 'The `from` parameter is invalid for the given channel.';
  return refuse({ status: 422, type: `${errors}/messages#1420`, title: 'Invalid sender', detail });
}

function optedOut(): DialectAnswer {
  const detail = 'You tried to send a message to a blacklisted phone number.';
  return refuse({ status: 422, type: `${errors}/messages#1240`, title: 'Illegal Number', detail });
}
