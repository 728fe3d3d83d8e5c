// Vonage Verify v2 as the simulator speaks it, from Vonage's OpenAPI 1.0.1, not from our client. Workflows of one step by text
// or call; one verification per number at a time; three tries.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, MessageNews } from '../../contract/dialect';
import { isObject, type JsonObject, parseObject } from '../../contract/vendor-answer';
import { isCustomer } from './dialect/caller.dialect';
import { VonageVerifications } from './dialect/memory.dialect';
import { isText, isWhole, optional, refusalBy, refuse, type Rule } from './dialect/problem.dialect';
import { webhook } from './dialect/webhook.dialect';
import { verifyDevelopmentKeys } from './vonage.keys';

const errors = 'https://developer.vonage.com/api-errors';
const verifyErrors = 'https://developer.vonage.com/en/api-errors/verify-v2';

export const dialect: Dialect = {
  provider: 'vonage-verify',
  developmentKeys: verifyDevelopmentKeys,
  routes: (context) => {
    const memory = new VonageVerifications(context);
    const route = (method: 'POST' | 'DELETE', path: string, answer: (request: DialectRequest) => DialectAnswer) => ({
      method,
      path: `/v2/verify${path}`,
      answer: (request: DialectRequest) => (isCustomer(request, context) ? answer(request) : unauthorized()),
    });
    return [
      route('POST', '', (request) => start(parseObject(request.rawBody) ?? {}, context, memory)),
      route('POST', '/:requestId', (request) => check(request, memory)),
      route('DELETE', '/:requestId', ({ params }) =>
        memory.cancel(params['requestId'] ?? '') ? { status: 204 } : notFound(params['requestId']),
      ),
    ];
  },
};

function start(body: JsonObject, context: DialectContext, memory: VonageVerifications): DialectAnswer {
  const refused = refusalBy(rules, body, invalidParams) ?? refusalBy(stepRules, stepOf(body), invalidParams);
  if (refused !== undefined) return refused;
  const { channel, to } = stepOf(body);
  const running = memory.running(String(to));
  if (running !== undefined) return concurrent(running.id);
  const { code_length: length = 4, channel_timeout: seconds = 180, code: own } = body;
  const wanted = { to: String(to), length: Number(length), seconds: Number(seconds) };
  const { id, code } = memory.start({ ...wanted, ...(typeof own === 'string' && { own }) });
  const text = `Your ${String(body['brand'])} code is ${code}`;
  const message = { to: `+${String(to)}`, text, code, channel: channel === 'voice' ? 'voice' : 'sms' } as const;
  context.deliver(message, newsOf(id, message.channel, body['client_ref'], context));
  return { status: 202, body: { request_id: id } };
}

/** Of a channel that works Vonage tells nothing until the code is entered. */
function newsOf(id: string, channel: string, client_ref: unknown, context: DialectContext): MessageNews {
  return {
    write: (stage, { at }) => {
      if (stage !== 'failed') return undefined;
      const times = { triggered_at: at.toISOString(), finalized_at: at.toISOString() };
      const event = { request_id: id, type: 'event', channel, status: 'failed', ...times, channel_timeout: 300 };
      return webhook({ ...event, client_ref }, at, context);
    },
  };
}

const rules: readonly Rule[] = [
  ['brand', isText(/^[^/{}:$]*$/, 1, 18), 'must be 1 to 18 characters'],
  ['code_length', optional(isWhole(4, 10)), 'must be 4 to 10'],
  ['channel_timeout', optional(isWhole(15, 900)), 'must be 15 to 900'],
  ['client_ref', optional(isText(/^[a-zA-Z0-9]*$/, 1, 40)), 'must be 1 to 40 letters and digits'],
  ['locale', optional(isText(/^[a-z]{2,3}-[a-z]{2}$/)), 'is not supported'],
  ['code', optional(isText(/^[a-zA-Z0-9]+$/, 4, 10)), 'must be 4 to 10 letters and digits'],
];
const stepRules: readonly Rule[] = [
  ['channel', isText(/^(sms|voice)$/), 'is not supported'],
  ['to', isText(/^[1-9]\d{6,14}$/), 'must be a phone number without +'],
];
const codeRules: readonly Rule[] = [['code', isText(/^/, 4, 10), 'must be 4 to 10 characters']];
const invalidParams = `${errors}#invalid-params`;

function stepOf({ workflow }: JsonObject): JsonObject {
  const step: unknown = Array.isArray(workflow) ? workflow[0] : undefined;
  return isObject(step) ? step : {};
}

function check(request: DialectRequest, memory: VonageVerifications): DialectAnswer {
  const id = request.params['requestId'] ?? '';
  const body = parseObject(request.rawBody) ?? {};
  const refused = refusalBy(codeRules, body, invalidParams);
  if (refused !== undefined) return refused;
  const title = 'Invalid Code';
  switch (memory.check(id, String(body['code']))) {
    case 'completed':
      return { status: 200, body: { request_id: id, status: 'completed' } };
    case 'wrong': {
      const detail = 'The code you provided does not match the expected value.';
      return refuse({ status: 400, type: `${verifyErrors}#invalid-code`, title, detail });
    }
    case 'failed': {
      const detail = 'An incorrect code has been provided too many times. Workflow terminated.';
      return refuse({ status: 410, type: `${verifyErrors}#expired`, title, detail });
    }
    case 'unknown':
      return notFound(id);
  }
}

function notFound(id: string | undefined): DialectAnswer {
  const detail = `Request ${id ?? ''} was not found or it has been verified already.`;
  return refuse({ status: 404, type: `${errors}#not-found`, title: 'Not Found', detail });
}

function concurrent(request_id: string): DialectAnswer {
  const detail = 'Concurrent verifications to the same number are not allowed.';
  return refuse({ status: 409, type: `${verifyErrors}#concurrent`, title: 'Conflict', detail }, { request_id });
}

function unauthorized(): DialectAnswer {
  const detail = 'You did not provide correct credentials';
  return refuse({ status: 401, type: `${errors}#unauthorized`, title: 'Unauthorized', detail });
}
