// Sinch Verification as the simulator speaks it, from Sinch's OpenAPI 2.0.1 and its guides, not from our client.
// A code is tried once: FAIL ends the verification, and a newer start for the number aborts the older one. What Sinch
// does not state (code length, life time, what a dead verification answers) is chosen here and listed in the README.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, MessageNews } from '../../contract/dialect';
import { isObject, type JsonObject, parseObject } from '../../contract/vendor-answer';
import { developmentKeys } from './sinch-verification.keys';
import { callback } from './dialect/callback.dialect';
import { callerProblem } from './dialect/caller.dialect';
import { SinchVerifications, type Verification } from './dialect/memory.dialect';

const root = '/verification/v1/verifications';

export const dialect: Dialect = {
  provider: 'sinch-verification',
  developmentKeys,
  routes: (context) => {
    const memory = new SinchVerifications(context);
    const signed = (answer: (request: DialectRequest) => DialectAnswer) => (request: DialectRequest) => {
      const problem = callerProblem(request, context.credentials);
      return problem === undefined ? answer(request) : refuse(problem.code, problem.message);
    };
    return [
      { method: 'POST', path: root, answer: signed((request) => start(request, context, memory)) },
      {
        method: 'PUT',
        path: `${root}/id/:id`,
        answer: signed((request) => report(request, memory, memory.byId(request.params['id'] ?? ''))),
      },
      {
        method: 'PUT',
        path: `${root}/number/:endpoint`,
        answer: signed((request) => report(request, memory, memory.running(request.params['endpoint'] ?? ''))),
      },
      {
        method: 'GET',
        path: `${root}/id/:id`,
        answer: signed((request) => status(memory.byId(request.params['id'] ?? ''))),
      },
      {
        method: 'GET',
        path: `${root}/reference/:reference`,
        answer: signed((request) => status(memory.byReference(request.params['reference'] ?? ''))),
      },
    ];
  },
};

function start(request: DialectRequest, context: DialectContext, memory: SinchVerifications): DialectAnswer {
  const wanted = readStart(parseObject(request.rawBody));
  if ('refused' in wanted) return wanted.refused;
  const { endpoint, method, reference, expirySeconds } = wanted;
  if (reference !== undefined && memory.byReference(reference)) return refuse(40900, 'Reference already defined');
  const verification = memory.start(endpoint, method, reference, expirySeconds);
  const { code } = verification;
  const message = { to: endpoint, text: `Your verification code is ${code}`, code } as const;
  if (method === 'sms') context.deliver({ ...message, channel: 'sms' }, newsOf(verification, context));
  else context.deliver({ ...message, channel: 'voice' });
  return { status: 200, headers: languageOf(request), body: startedBody(verification, request) };
}

/** Of texts alone, and of their end alone: VerificationSmsDeliveredEvent. */
function newsOf({ id, method, endpoint, reference }: Verification, context: DialectContext): MessageNews {
  return {
    write: (stage, occasion) => {
      if (stage === 'sent') return undefined;
      const event = { id, event: 'VerificationSmsDeliveredEvent', method, identity: { type: 'number', endpoint } };
      const smsResult = stage === 'delivered' ? 'Successful' : 'Failed';
      return callback({ ...event, reference, smsResult }, occasion, context.credentials);
    },
  };
}

interface WantedStart {
  readonly endpoint: string;
  readonly method: Verification['method'];
  readonly reference: string | undefined;
  readonly expirySeconds: number | undefined;
}

function readStart(body: JsonObject | undefined): WantedStart | { readonly refused: DialectAnswer } {
  const { identity, method, reference, smsOptions } = body ?? {};
  const endpoint = isObject(identity) && identity['type'] === 'number' ? identity['endpoint'] : undefined;
  if (typeof endpoint !== 'string') return { refused: refuse(40002, 'Endpoint parameter is missing.') };
  const problem = problemOfEndpoint(endpoint);
  if (problem !== undefined) return { refused: problem };
  if (method !== 'sms' && method !== 'callout') return { refused: refuse(40001, 'Unsupported method.') };
  return {
    endpoint,
    method,
    reference: typeof reference === 'string' ? reference : undefined,
    expirySeconds: isObject(smsOptions) ? secondsOf(smsOptions['expiry']) : undefined,
  };
}

function problemOfEndpoint(endpoint: string): DialectAnswer | undefined {
  if (!endpoint.startsWith('+')) return refuse(40005, 'Phone number missing leading plus sign');
  return /^\+[1-9]\d{6,14}$/.test(endpoint) ? undefined : refuse(40001, `Number ${endpoint} is invalid.`);
}

function startedBody(verification: Verification, request: DialectRequest): object {
  const origin = `http://${request.headers['host'] ?? 'localhost'}`;
  const href = `${origin}${root}/id/${verification.id}`;
  const sms = { template: 'Your verification code is {{CODE}}', interceptionTimeout: 32, codeType: 'Numeric' };
  return {
    id: verification.id,
    method: verification.method,
    ...(verification.method === 'sms' && { sms }),
    _links: [
      { rel: 'status', href, method: 'GET' },
      { rel: 'report', href, method: 'PUT' },
    ],
  };
}

function report(request: DialectRequest, memory: SinchVerifications, found: Verification | undefined): DialectAnswer {
  const body = parseObject(request.rawBody);
  const method = body?.['method'];
  const proof = typeof method === 'string' ? body?.[method] : undefined;
  const code = isObject(proof) ? proof['code'] : undefined;
  if (typeof code !== 'string') return refuse(40002, 'Code parameter is missing.');
  if (found === undefined) return refuse(40400, 'Requested resource was not found.');
  if (method !== found.method) return refuse(40003, 'Invalid identity or code.');
  if (found.status !== 'PENDING' && found.status !== 'ABORTED') {
    return refuse(40400, 'Requested resource was not found.');
  }
  memory.report(found, code);
  return { status: 200, body: verdictBody(found) };
}

function status(found: Verification | undefined): DialectAnswer {
  if (found === undefined) return refuse(40400, 'Requested resource was not found.');
  const identity = { type: 'number', endpoint: found.endpoint };
  const reference = found.reference === undefined ? {} : { reference: found.reference };
  const verificationTimestamp = found.startedAt.toISOString().replace('Z', '');
  return { status: 200, body: { ...verdictBody(found), ...reference, identity, verificationTimestamp } };
}

function verdictBody(verification: Verification): object {
  const { id, method, reason } = verification;
  return { id, method, status: verification.status, ...(reason !== undefined && { reason }) };
}

function languageOf(request: DialectRequest): Record<string, string> {
  return { 'content-language': request.headers['accept-language']?.split(/[,;]/)[0]?.trim() || 'en-US' };
}

/** `smsOptions.expiry`, HH:MM:SS. */
function secondsOf(expiry: unknown): number | undefined {
  const match = typeof expiry === 'string' ? /^(\d\d):(\d\d):(\d\d)$/.exec(expiry) : null;
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}

function refuse(code: number, message: string): DialectAnswer {
  return { status: Math.floor(code / 100), body: { errorCode: code, message } };
}
