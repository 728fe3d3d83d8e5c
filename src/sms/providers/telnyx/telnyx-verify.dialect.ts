// Telnyx Verify as the simulator speaks it, from Telnyx's OpenAPI file and its guides, not from our client. It sends the
// customer's own code where one is given, else one of its own. What Telnyx does not state (a second check after `accepted`,
// whether a new start ends an older one) is chosen here and listed in the README.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, MessageNews } from '../../contract/dialect';
import { type JsonObject, parseObject } from '../../contract/vendor-answer';
import { isJson, refuse, refusedCaller } from './dialect/answers.dialect';
import { TelnyxVerifications, type Verification } from './dialect/memory.dialect';
import { webhook } from './dialect/webhook.dialect';
import { developmentKeys } from './telnyx-verify.keys';

const root = '/v2/verifications';
type Answer = (request: DialectRequest) => DialectAnswer;

export const dialect: Dialect = {
  provider: 'telnyx-verify',
  developmentKeys,
  routes: (context) => {
    const memory = new TelnyxVerifications(context);
    const route = (method: 'GET' | 'POST', path: string, answer: Answer) => ({
      method,
      path: `${root}${path}`,
      answer: (request: DialectRequest) => refusedCaller(request, context) ?? answer(request),
    });
    const byId = ({ params }: DialectRequest) => memory.byId(params['id'] ?? '');
    const byPhone = ({ params }: DialectRequest) => memory.byPhone(params['phone'] ?? '');
    return [
      route('POST', '/sms', (request) => start(request, 'sms', context, memory)),
      route('POST', '/call', (request) => start(request, 'call', context, memory)),
      route('GET', '/:id', (request) => show(byId(request), context, memory)),
      route('GET', '/by_phone_number/:phone', (request) => list(byPhone(request), context, memory)),
      route('POST', '/:id/actions/verify', (request) => verify(request, byId(request), memory)),
      route('POST', '/by_phone_number/:phone/actions/verify', (request) => verify(request, byPhone(request), memory)),
    ];
  },
};

function start(
  request: DialectRequest,
  type: Verification['type'],
  context: DialectContext,
  memory: TelnyxVerifications,
): DialectAnswer {
  const body = parseObject(request.rawBody);
  if (body === undefined || !isJson(request)) return refuse({ status: 400, code: '10015', title: 'Bad Request' });
  const wrong = problemOf(body, context);
  if (wrong !== undefined) return wrong;
  const verification = memory.start({
    type,
    phone: String(body['phone_number']),
    customCode: typeof body['custom_code'] === 'string' ? body['custom_code'] : undefined,
    timeoutSeconds: typeof body['timeout_secs'] === 'number' ? body['timeout_secs'] : undefined,
  });
  const { code, phone: to } = verification;
  const text = `Your Latchkey verification code is: ${code}.`;
  const message = { to, text, code, channel: type === 'call' ? 'voice' : 'sms' } as const;
  context.deliver(message, newsOf(verification, context, memory));
  return { status: 200, body: { data: dataOf(verification, context, memory) } };
}

function newsOf(verification: Verification, context: DialectContext, memory: TelnyxVerifications): MessageNews {
  return {
    write: (stage, occasion) => {
      const { timeoutSeconds: timeout_secs, type } = verification;
      const delivery_status = stage === 'failed' ? 'delivery_failed' : stage;
      const payload = { ...dataOf(verification, context, memory), type, timeout_secs, delivery_status };
      return webhook(`verify.${stage}`, payload, occasion, context);
    },
  };
}

function problemOf(body: JsonObject, context: DialectContext): DialectAnswer | undefined {
  const { phone_number: phone, verify_profile_id: profile, custom_code: code } = body;
  const missing = (pointer: string) =>
    refuse({ status: 400, code: '10004', title: 'Missing required parameter', pointer });
  if (typeof phone !== 'string') return missing('/phone_number');
  if (typeof profile !== 'string') return missing('/verify_profile_id');
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) {
    const title = 'Phone number must be in +E.164 format';
    return refuse({ status: 400, code: '10016', title, pointer: '/phone_number' });
  }
  if (profile !== context.credentials['TELNYX_VERIFY_PROFILE_ID']) {
    return refuse({ status: 400, code: '10015', title: 'Verify profile not found', pointer: '/verify_profile_id' });
  }
  const usable = code === undefined || code === null || (typeof code === 'string' && /^\d{4,10}$/.test(code));
  return usable ? undefined : refuse({ status: 400, code: '10015', title: 'Bad Request', pointer: '/custom_code' });
}

function verify(
  request: DialectRequest,
  verification: Verification | undefined,
  memory: TelnyxVerifications,
): DialectAnswer {
  const { code, status } = parseObject(request.rawBody) ?? {};
  if (verification === undefined) return refuse({ status: 404, code: '10005', title: 'Resource not found' });
  if (status === 'accepted' || status === 'rejected') return report(status, verification, memory);
  if (typeof code !== 'string') return refuse({ status: 400, code: '10004', title: 'Missing required parameter' });
  return verdict(verification, memory.verify(verification, code) ? 'accepted' : 'rejected');
}

/** Only who gave a code of their own may say how its check ended. */
function report(
  status: 'accepted' | 'rejected',
  verification: Verification,
  memory: TelnyxVerifications,
): DialectAnswer {
  if (verification.customCode === undefined) return refuse({ status: 400, code: '10015', title: 'Bad Request' });
  memory.report(verification, status === 'accepted');
  return verdict(verification, status);
}

function verdict({ phone }: Verification, response: 'accepted' | 'rejected'): DialectAnswer {
  return { status: 200, body: { data: { phone_number: phone, response_code: response } } };
}

function show(
  verification: Verification | undefined,
  context: DialectContext,
  memory: TelnyxVerifications,
): DialectAnswer {
  if (verification === undefined) return refuse({ status: 404, code: '10005', title: 'Resource not found' });
  return { status: 200, body: { data: dataOf(verification, context, memory) } };
}

function list(
  verification: Verification | undefined,
  context: DialectContext,
  memory: TelnyxVerifications,
): DialectAnswer {
  const data = verification === undefined ? [] : [dataOf(verification, context, memory)];
  const meta = { page_number: 1, page_size: 20, total_pages: 1, total_results: data.length };
  return { status: 200, body: { data, meta } };
}

function dataOf(verification: Verification, context: DialectContext, memory: TelnyxVerifications): object {
  const { id, type, phone, customCode, timeoutSeconds, createdAt, updatedAt } = verification;
  return {
    id,
    type,
    record_type: 'verification',
    phone_number: phone,
    verify_profile_id: context.credentials['TELNYX_VERIFY_PROFILE_ID'],
    custom_code: customCode ?? null,
    timeout_secs: timeoutSeconds,
    status: memory.statusOf(verification),
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
