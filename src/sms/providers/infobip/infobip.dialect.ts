// Infobip SMS v3 as the simulator speaks it, from Infobip's OpenAPI 3.210.0 and its page of status codes, not from our
// client. What is wrong with the request is a 400; what is wrong with one message is a status inside a 200. The older v2 is
// spoken as well, since that is what Infobip's own SDK knows.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest } from '../../contract/dialect';
import { codeIn } from '../../contract/phone-text.dialect';
import { isObject, type JsonObject, parseObject } from '../../contract/vendor-answer';
import { report, webhook } from './dialect/report.dialect';
import { developmentKeys } from './infobip.keys';

const remembered = 10_000;
const longestTextBytes = 4000;

interface Status {
  readonly groupId: number;
  readonly groupName: string;
  readonly id: number;
  readonly name: string;
  readonly description: string;
}

const accepted: Status = {
  groupId: 1,
  groupName: 'PENDING',
  id: 26,
  name: 'PENDING_ACCEPTED',
  description: 'Message sent to next instance',
};
const rejected = (id: number, name: string, description: string): Status => ({
  groupId: 5,
  groupName: 'REJECTED',
  id,
  name,
  description,
});

const blocklisted = rejected(14, 'REJECTED_DESTINATION_BLOCKLISTED', 'Destination blocklisted');

export const dialect: Dialect = {
  provider: 'infobip',
  developmentKeys,
  routes: (context) => {
    const usedIds = new Set<string>();
    const key = context.credentials['INFOBIP_API_KEY'] ?? '';
    const known = (answer: (messages: unknown) => DialectAnswer) => (request: DialectRequest) =>
      request.headers['authorization'] === `App ${key}`
        ? answer(parseObject(request.rawBody)?.['messages'])
        : refuse(401, 'E401', 'The request lacks valid authentication credentials.');
    return [
      { method: 'POST', path: '/sms/3/messages', answer: known((messages) => send(messages, context, usedIds)) },
      { method: 'POST', path: '/sms/2/text/advanced', answer: known((messages) => sendV2(messages, context, usedIds)) },
    ];
  },
  inbound: ({ id, from, text }, { at }, context) => {
    const to = (context.credentials['INFOBIP_FROM'] ?? '').replace(/^\+/, '');
    const message = { messageId: id, from: from.replace(/^\+/, ''), to, text, cleanText: text, smsCount: 1 };
    const receivedAt = at.toISOString().replace('Z', '+0000');
    return webhook({ results: [{ ...message, receivedAt }], messageCount: 1, pendingMessageCount: 0 }, context);
  },
};

interface Wanted {
  readonly to: string;
  readonly text: string;
  readonly messageId: string | undefined;
}

/** The text lies beside the destinations, and the answer says `to`. */
function sendV2(messages: unknown, context: DialectContext, usedIds: Set<string>): DialectAnswer {
  const asV3 = (message: unknown) => (isObject(message) ? { ...message, content: { text: message['text'] } } : message);
  const answer = send(Array.isArray(messages) ? messages.map(asV3) : messages, context, usedIds);
  const { messages: sent, ...rest } = answer.body as { messages?: JsonObject[] };
  if (sent === undefined) return answer;
  const inV2 = sent.map(({ messageId, status, destination, details }) => {
    const smsCount = isObject(details) ? details['messageCount'] : 1;
    return { messageId, status, to: destination, smsCount };
  });
  return { status: answer.status, body: { ...rest, messages: inV2 } };
}

function send(messages: unknown, context: DialectContext, usedIds: Set<string>): DialectAnswer {
  if (!Array.isArray(messages) || messages.length === 0) return violated('messages', 'must not be empty');
  const wanted = messages.flatMap((message: unknown, at) => readMessage(message, `messages[${at}]`));
  const wrong = wanted.find((one): one is Violation => 'property' in one);
  if (wrong !== undefined) return violated(wrong.property, wrong.violation);
  const sent = (wanted as Wanted[]).map((one) => hand(one, context, usedIds));
  const bulkId = sent.length > 1 ? { bulkId: context.random.bytes(8).readBigUInt64BE().toString() } : {};
  return { status: 200, body: { ...bulkId, messages: sent } };
}

interface Violation {
  readonly property: string;
  readonly violation: string;
}

function readMessage(message: unknown, path: string): (Wanted | Violation)[] {
  const content = isObject(message) ? message['content'] : undefined;
  const text = isObject(content) ? content['text'] : undefined;
  if (typeof text !== 'string') return [{ property: `${path}.content`, violation: 'must not be null' }];
  const destinations = isObject(message) ? message['destinations'] : undefined;
  if (!Array.isArray(destinations) || destinations.length === 0) {
    return [{ property: `${path}.destinations`, violation: 'must not be empty' }];
  }
  return destinations.map((destination: unknown, at) => {
    const { to, messageId } = isObject(destination) ? destination : ({} as JsonObject);
    if (typeof to !== 'string') return { property: `${path}.destinations[${at}].to`, violation: 'must not be null' };
    return { to, text, messageId: typeof messageId === 'string' ? messageId : undefined };
  });
}

function hand({ to, text, messageId }: Wanted, context: DialectContext, usedIds: Set<string>): JsonObject {
  const id = messageId ?? context.random.uuid();
  const phone = `+${to.replace(/^\+/, '')}`;
  const details = { messageCount: Math.ceil(text.length / 160) };
  const stopped = context.hasStopped(phone);
  const status = refusalOf(to, text, usedIds.has(id)) ?? (stopped ? blocklisted : accepted);
  if (status === accepted) {
    usedIds.add(id);
    const [oldest] = usedIds;
    if (usedIds.size > remembered && oldest !== undefined) usedIds.delete(oldest);
    const sent = { messageId: id, to, sentAt: context.clock.now(), ...details };
    context.deliver({ to: phone, text, code: codeIn(text), channel: 'sms' }, report(sent, context));
  }
  return { messageId: id, status, destination: to, details };
}

function refusalOf(to: string, text: string, used: boolean): Status | undefined {
  if (to === '') return rejected(51, 'MISSING_TO', 'Missing TO parameter');
  if (!/^\+?[1-9]\d{6,14}$/.test(to)) return rejected(8, 'REJECTED_PREFIX_MISSING', 'Number prefix missing');
  if (used) return rejected(23, 'REJECTED_DUPLICATE_MESSAGE_ID', 'Duplicate messageId');
  if (Buffer.byteLength(text) > longestTextBytes) return rejected(25, 'REJECTED_MESSAGE_TOO_LONG', 'Message too long');
  return undefined;
}

function violated(property: string, violation: string): DialectAnswer {
  return refuse(400, 'E400', 'Request cannot be processed.', [{ property, violation }]);
}

function refuse(status: number, errorCode: string, description: string, violations: object[] = []): DialectAnswer {
  const action = 'Check the syntax, violations and adjust the request.';
  return { status, body: { errorCode, description, action, violations, resources: [] } };
}
