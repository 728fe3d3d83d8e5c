// Sinch SMS as the simulator speaks it, from Sinch's OpenAPI file (2021) and its status-code page, not from our client.
// Keeps batches, so that they can be read and cancelled; a batch goes out at once.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, MessageNews } from '../../contract/dialect';
import { codeIn } from '../../contract/phone-text.dialect';
import { type JsonObject, parseObject } from '../../contract/vendor-answer';
import { webhook } from './dialect/webhook.dialect';
import { developmentKeys } from './sinch.keys';

const batches = '/xms/v1/:plan/batches';
const remembered = 10_000;
const longestBody = 1600;
const mostRecipients = 1000;

export const dialect: Dialect = {
  provider: 'sinch',
  developmentKeys,
  routes: (context) => {
    const kept = new Map<string, JsonObject>();
    const known = (answer: (request: DialectRequest) => DialectAnswer) => (request: DialectRequest) =>
      isCustomer(request, context) ? answer(request) : { status: 401 };
    return [
      { method: 'POST', path: batches, answer: known((request) => send(request, context, kept)) },
      { method: 'GET', path: `${batches}/:id`, answer: known((request) => show(request, kept)) },
      { method: 'DELETE', path: `${batches}/:id`, answer: known((request) => cancel(request, kept)) },
    ];
  },
  inbound: ({ id, from, text }, { at }, context) => {
    const to = bare(context.credentials['SINCH_FROM'] ?? '');
    const message = { type: 'mo_text', id, from: bare(from), to, body: text, operator_id: '310260' };
    return webhook({ ...message, received_at: at.toISOString() }, at, context);
  },
};

/** The token belongs to one service plan. What Sinch answers otherwise has no documented body. */
function isCustomer({ headers, params }: DialectRequest, { credentials }: DialectContext): boolean {
  const { SINCH_API_TOKEN: token = '', SINCH_SERVICE_PLAN_ID: plan } = credentials;
  return headers['authorization'] === `Bearer ${token}` && params['plan'] === plan;
}

function send(request: DialectRequest, context: DialectContext, kept: Map<string, JsonObject>): DialectAnswer {
  const body = parseObject(request.rawBody);
  if (body === undefined) return refuse('syntax_invalid_json', 'The request body is not valid JSON.');
  const now = context.clock.now();
  const wrong = problemOfDestination(body['to']) ?? problemOfRest(body, now);
  if (wrong !== undefined) return wrong;
  const [to, text] = [body['to'] as string[], String(body['body'])];
  const batch = {
    delivery_report: 'none',
    flash_message: false,
    ...body,
    id: `01${context.random.bytes(12).toString('hex').toUpperCase()}`,
    to: to.map(bare),
    canceled: false,
    type: 'mt_text',
    created_at: now.toISOString(),
    modified_at: now.toISOString(),
  };
  for (const number of batch.to) {
    const news = newsOf(batch, number, context);
    context.deliver({ to: `+${number}`, text, code: codeIn(text), channel: 'sms' }, news);
  }
  kept.set(batch.id, batch);
  const oldest = kept.keys().next();
  if (kept.size > remembered && oldest.done !== true) kept.delete(oldest.value);
  return { status: 201, body: batch };
}

const words = {
  sent: { status: 'Dispatched', code: 401 },
  delivered: { status: 'Delivered', code: 0 },
  failed: { status: 'Aborted', code: 404 },
};

/** What was asked for as `delivery_report`: of each change per recipient, or once about the batch. */
function newsOf(batch: JsonObject, recipient: string, context: DialectContext): MessageNews | undefined {
  const { id: batch_id, client_reference, delivery_report: wanted, callback_url: url } = batch;
  if (wanted === 'none') return undefined;
  return {
    ...(typeof url === 'string' && { url }),
    write: (stage, { at }) => {
      const one = { type: 'recipient_delivery_report_sms', batch_id, recipient, client_reference, ...words[stage] };
      if (wanted === 'per_recipient') return webhook({ ...one, at: at.toISOString() }, at, context);
      const status = { ...words[stage], count: 1, ...(wanted === 'full' && { recipients: [recipient] }) };
      const all = {
        type: 'delivery_report_sms',
        batch_id,
        total_message_count: 1,
        statuses: [status],
        client_reference,
      };
      return stage === 'sent' ? undefined : webhook(all, at, context);
    },
  };
}

function problemOfDestination(to: unknown): DialectAnswer | undefined {
  if (!Array.isArray(to) || to.length === 0 || to.length > mostRecipients) {
    return refuse('syntax_constraint_violation', "Parameter 'to' must have 1 to 1000 elements.");
  }
  const at = to.findIndex((number) => typeof number !== 'string' || !/^\+?[1-9]\d{6,14}$/.test(number));
  if (at < 0) return undefined;
  const said = `The format of parameter 'to[${at}]' is invalid; value '${String(to[at])}' is not a valid MSISDN or group ID.`;
  return refuse('syntax_invalid_parameter_format', said);
}

function problemOfRest({ body, type = 'mt_text', expire_at: end }: JsonObject, now: Date): DialectAnswer | undefined {
  if (typeof body !== 'string' || body.length > longestBody) {
    return refuse('syntax_constraint_violation', "Parameter 'body' must have at most 1600 characters.");
  }
  if (type !== 'mt_text') return refuse('syntax_invalid_parameter_format', "Parameter 'type' is invalid.");
  if (end === undefined) return undefined;
  const time = typeof end === 'string' ? Date.parse(end) : Number.NaN;
  if (Number.isNaN(time)) return refuse('syntax_invalid_parameter_format', "Parameter 'expire_at' is invalid.");
  return time > now.getTime()
    ? undefined
    : refuse('syntax_constraint_violation', "'expire_at' must be after 'send_at'.");
}

function show({ params }: DialectRequest, kept: Map<string, JsonObject>): DialectAnswer {
  const batch = kept.get(params['id'] ?? '');
  return batch === undefined ? { status: 404 } : { status: 200, body: batch };
}

function cancel({ params }: DialectRequest, kept: Map<string, JsonObject>): DialectAnswer {
  const batch = kept.get(params['id'] ?? '');
  if (batch === undefined) return { status: 404 };
  const canceled = { ...batch, canceled: true };
  kept.set(params['id'] ?? '', canceled);
  return { status: 200, body: canceled };
}

function bare(number: string): string {
  return number.replace(/^\+/, '');
}

function refuse(code: string, text: string): DialectAnswer {
  return { status: 400, body: { code, text } };
}
