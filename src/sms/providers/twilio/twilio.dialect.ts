// Twilio Messaging as the simulator speaks it, from Twilio's OpenAPI file and its error dictionary, not from our client.
// The magic numbers of Twilio's test credentials answer here as they do there, so that each refusal can be seen at will.
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, MessageNews } from '../../contract/dialect';
import { codeIn } from '../../contract/phone-text.dialect';
import { formOf, notFound, refuse, refusedCaller } from './dialect/account.dialect';
import { webhook } from './dialect/webhook.dialect';
import { developmentKeys } from './twilio.keys';

type Problem = readonly [code: number, message: string];

const magicTo: Readonly<Record<string, Problem>> = {
  '+15005550001': [21211, "Invalid 'To' Phone Number"],
  '+15005550002': [21612, "Message cannot be sent with the current combination of 'To' and/or 'From' parameters"],
  '+15005550003': [21408, 'Permission to send an SMS has not been enabled for the region'],
  '+15005550004': [21610, 'Attempt to send to unsubscribed recipient'],
  '+15005550009': [21614, "'To' number is not a valid mobile number"],
};
const magicFrom: Readonly<Record<string, Problem>> = {
  '+15005550001': [21212, "Invalid 'From' Number"],
  '+15005550008': [21611, "This 'From' number has exceeded the maximum number of queued messages"],
};
const notOurs: Problem = [21606, "The 'From' phone number provided is not a valid message-capable Twilio phone number"];

export const dialect: Dialect = {
  provider: 'twilio',
  developmentKeys,
  routes: (context) => [
    {
      method: 'POST',
      path: '/2010-04-01/Accounts/:accountSid/Messages.json',
      answer: (request) => refusedCaller(request, context.credentials) ?? send(request, context),
    },
  ],
  inbound: ({ id, from, text }, { url }, context) => {
    const sid = `SM${id.replaceAll('-', '')}`;
    const ids = { MessageSid: sid, SmsMessageSid: sid, SmsSid: sid, SmsStatus: 'received' };
    const to = context.credentials['TWILIO_FROM'] ?? '';
    return webhook({ ...ids, From: from, To: to, Body: text, NumMedia: '0', NumSegments: '1' }, url, context);
  },
};

function send(request: DialectRequest, context: DialectContext): DialectAnswer {
  if (request.params['accountSid'] !== context.credentials['TWILIO_ACCOUNT_SID']) return notFound(request.path);
  const form = formOf(request);
  const problem = problemOf(form, context);
  if (problem !== undefined) return refuse(400, ...problem);
  const to = form.get('To') ?? '';
  const text = form.get('Body') ?? '';
  const message = messageOf(form, context);
  context.deliver({ to, text, code: codeIn(text), channel: 'sms' }, newsOf(message.sid, form, context));
  return { status: 201, body: message };
}

/** sent, then delivered or undelivered, to the message's own status callback or the one of the messaging service. */
function newsOf(sid: string, form: URLSearchParams, context: DialectContext): MessageNews {
  const given = form.get('StatusCallback');
  return {
    ...(given !== null && { url: given }),
    write: (stage, { url }) => {
      const status = stage === 'failed' ? 'undelivered' : stage;
      const error = stage === 'failed' ? { ErrorCode: '30003' } : {};
      const ids = { MessageSid: sid, SmsSid: sid, MessageStatus: status, SmsStatus: status };
      return webhook({ ...ids, From: form.get('From') ?? '', To: form.get('To') ?? '', ...error }, url, context);
    },
  };
}

function problemOf(form: URLSearchParams, context: DialectContext): Problem | undefined {
  const to = form.get('To') ?? '';
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return [21211, "Invalid 'To' Phone Number"];
  const stopped = context.hasStopped(to) ? magicTo['+15005550004'] : undefined;
  return problemOfSender(form, context) ?? magicTo[to] ?? stopped ?? problemOfBody(form.get('Body') ?? '');
}

function problemOfSender(form: URLSearchParams, { credentials }: DialectContext): Problem | undefined {
  const from = form.get('From');
  const service = form.get('MessagingServiceSid');
  const knownService = service !== null && service === credentials['TWILIO_MESSAGING_SERVICE_SID'];
  if (service !== null && !knownService) return [20404, 'The requested resource was not found'];
  if (from === null) {
    return knownService ? undefined : [21603, "A 'From' or 'MessagingServiceSid' parameter is required"];
  }
  return magicFrom[from] ?? (from === credentials['TWILIO_FROM'] ? undefined : notOurs);
}

function problemOfBody(body: string): Problem | undefined {
  if (body === '') return [21602, 'Message body is required'];
  return body.length > 1600 ? [21617, 'The concatenated message body exceeds the 1600 character limit'] : undefined;
}

function messageOf(form: URLSearchParams, { clock, random, credentials }: DialectContext) {
  const account = credentials['TWILIO_ACCOUNT_SID'] ?? '';
  const sid = `SM${random.bytes(16).toString('hex')}`;
  const now = clock.now().toUTCString().replace('GMT', '+0000');
  const pooled = form.has('MessagingServiceSid');
  const path = `/2010-04-01/Accounts/${account}/Messages/${sid}`;
  return {
    account_sid: account,
    api_version: '2010-04-01',
    body: form.get('Body'),
    date_created: now,
    date_sent: null,
    date_updated: now,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: form.get('From'),
    messaging_service_sid: form.get('MessagingServiceSid'),
    num_media: '0',
    // Without a sender yet, a message through a service has no segments yet.
    num_segments: pooled ? '0' : '1',
    price: null,
    price_unit: null,
    sid,
    status: pooled ? 'accepted' : 'queued',
    subresource_uris: { media: `${path}/Media.json` },
    to: form.get('To'),
    uri: `${path}.json`,
  };
}
