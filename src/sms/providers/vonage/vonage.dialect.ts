// Vonage Messages as the simulator speaks it, from Vonage's OpenAPI 1.11.0, not from our client: texts by SMS.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest } from '../../contract/dialect';
import { type JsonObject, parseObject } from '../../contract/vendor-answer';
import { isCustomer } from './dialect/caller.dialect';
import { isText, isWhole, optional, refusalBy, refuse, type Rule } from './dialect/problem.dialect';
import { developmentKeys } from './vonage.keys';

const errors = 'https://developer.vonage.com/api-errors';

export const dialect: Dialect = {
  provider: 'vonage',
  developmentKeys,
  routes: (context) => [{ method: 'POST', path: '/v1/messages', answer: (request) => send(request, context) }],
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
  context.deliver({ to: `+${String(body['to'])}`, text, code: codeIn(text), channel: 'sms' });
  return { status: 202, body: { message_uuid: context.random.uuid() } };
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

function refusalOf(body: JsonObject, { credentials }: DialectContext): DialectAnswer | undefined {
  const refused = refusalBy(rules, body, `${errors}/messages#1150`);
  if (refused !== undefined || body['from'] === credentials['VONAGE_FROM']?.replace(/^\+/, '')) return refused;
  const detail = 'The `from` parameter is invalid for the given channel.';
  return refuse({ status: 422, type: `${errors}/messages#1420`, title: 'Invalid sender', detail });
}

/** What a person would read as the code: the WebOTP line's, else the first 4 to 10 digits that stand alone. */
function codeIn(text: string): string | null {
  return /#(\d{4,10})\s*$/.exec(text)?.[1] ?? /(?<![\d+])\d{4,10}(?!\d)/.exec(text)?.[0] ?? null;
}
