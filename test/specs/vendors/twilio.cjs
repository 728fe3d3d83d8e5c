// Twilio: Messaging and Verify. Its specifications declare no refusals, so the error body of the documentation is added to them
// (www.twilio.com/docs/usage/twilios-response).
const { URLSearchParams } = require('node:url');
const { bodyOf, closed, is, judgeWebhooks, object, text } = require('./kit.cjs');

const hex = '[0-9a-fA-F]{32}';
const number = { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' };
const error = object({ code: { type: 'integer' }, message: text, more_info: text, status: { type: 'integer' } });
const message = object({
  sid: { type: 'string', pattern: `^SM${hex}$` },
  account_sid: { type: 'string', pattern: `^AC${hex}$` },
  status: { enum: ['queued', 'accepted', 'sending', 'sent'] },
  to: number,
  num_segments: text,
});
const verification = object({
  sid: { type: 'string', pattern: `^VE${hex}$` },
  service_sid: { type: 'string', pattern: `^VA${hex}$` },
  to: number,
  channel: { enum: ['sms', 'call'] },
  status: { enum: ['pending', 'approved', 'canceled', 'max_attempts_reached', 'deleted', 'failed', 'expired'] },
  valid: { type: 'boolean' },
});
const messages = /^\/2010-04-01\/Accounts\/[^/]+\/Messages\.json$/;
const verifications = /^\/v2\/Services\/[^/]+\/Verifications$/;
const checks = /^\/v2\/Services\/[^/]+\/VerificationCheck$/;

/** `nullable` without a type is no valid schema, and what is no valid schema judges nothing. */
function typed(node) {
  if (typeof node !== 'object' || node === null) return;
  if (node.nullable === true && node.type === undefined) delete node.nullable;
  Object.values(node).forEach(typed);
}

/** @param paths of the operations in use */
const withErrors = (paths) => (spec) => {
  typed(spec);
  const answer = { description: 'refused', content: { 'application/json': { schema: error } } };
  for (const path of paths) Object.assign(spec.paths[path].post.responses, { '4XX': answer });
  return spec;
};

/** The SDK has no setting for its origin: the last hop is told to go elsewhere. */
function clientOf({ origin, credentials }) {
  const twilio = require('twilio');
  class Detour extends twilio.RequestClient {
    request(options) {
      const { pathname, search } = new URL(options.uri);
      return super.request({ ...options, uri: `${origin}${pathname}${search}` });
    }
  }
  return twilio(credentials.TWILIO_ACCOUNT_SID, credentials.TWILIO_AUTH_TOKEN, { httpClient: new Detour() });
}

async function sdkSends(vendors) {
  const { TWILIO_FROM: from } = vendors.credentials;
  const body = 'Your code is 765432';
  const { sid, status } = await clientOf(vendors).messages.create({
    from,
    to: '+12025550177',
    body,
    validityPeriod: 300,
  });
  const arrived = vendors.phone[0].code === '765432';
  return /^SM/.test(sid) && status === 'queued' && arrived ? 'ok' : `${status} ${sid}`;
}

async function sdkReadsCallbacks(vendors) {
  const twilio = require('twilio');
  const { TWILIO_FROM: from, TWILIO_AUTH_TOKEN: token } = vendors.credentials;
  const { sid } = await clientOf(vendors).messages.create({ from, to: '+12025550179', body: 'Your code is 765433' });
  return judgeWebhooks(vendors, 'twilio', ({ headers, body }, url) => {
    const form = Object.fromEntries(new URLSearchParams(body));
    const known = form.SmsStatus === 'received' || form.MessageSid === sid;
    return known && twilio.validateRequest(token, headers['x-twilio-signature'], url, form);
  });
}

async function sdkVerifies(vendors) {
  const service = clientOf(vendors).verify.v2.services(vendors.credentials.TWILIO_VERIFY_SERVICE_SID);
  const { sid: verificationSid } = await service.verifications.create({ to: '+12025550178', channel: 'call' });
  const { code } = vendors.phone[0];
  const wrong = code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  const states = [];
  for (const typed of [wrong, code]) {
    const { status, valid } = await service.verificationChecks.create({ verificationSid, code: typed });
    states.push(`${status} ${valid}`);
  }
  const after = await service.verificationChecks.create({ verificationSid, code }).catch((error) => error.code);
  const said = [...states, after].join(', ');
  return said === 'pending false, approved true, 20404' ? 'ok' : said;
}

module.exports = {
  files: {
    twilio: 'twilio_api_v2010.openapi.mock.json',
    'twilio-verify': 'twilio_verify_v2.openapi.mock.json',
  },
  mend: {
    'twilio_api_v2010.openapi.mock.json': withErrors(['/2010-04-01/Accounts/{AccountSid}/Messages.json']),
    'twilio_verify_v2.openapi.mock.json': withErrors([
      '/v2/Services/{ServiceSid}/Verifications',
      '/v2/Services/{ServiceSid}/VerificationCheck',
    ]),
  },
  schemas: [
    {
      method: 'POST',
      path: messages,
      request: object(
        {
          To: number,
          From: text,
          MessagingServiceSid: text,
          Body: text,
          ValidityPeriod: { type: 'string', pattern: '^\\d{1,5}$' },
          StatusCallback: text,
        },
        ['To', 'Body'],
        closed,
      ),
      answers: { 201: message, '4XX': error },
    },
    {
      method: 'POST',
      path: verifications,
      request: object({ To: number, Channel: { enum: ['sms', 'call'] }, Locale: text }, ['To', 'Channel'], closed),
      answers: { 201: verification, '4XX': error },
    },
    {
      method: 'POST',
      path: checks,
      request: object(
        {
          VerificationSid: { type: 'string', pattern: `^VE${hex}$` },
          To: number,
          Code: { type: 'string', minLength: 4 },
        },
        ['Code'],
        closed,
      ),
      answers: { 200: verification, '4XX': error },
    },
  ],
  operations: [
    {
      vendor: 'twilio',
      operation: 'send',
      of: is('POST', messages),
      request: (body) => ({ ...body, ValidityPeriod: 'soon' }),
      answer: (body) => ({ ...body, sid: 'VE7' }),
    },
    ...['sms', 'call'].map((channel) => ({
      vendor: 'twilio-verify',
      operation: `start ${channel}`,
      of: (exchange) => is('POST', verifications)(exchange) && bodyOf(exchange).Channel === channel,
      // To and Channel are any text in the specification: only a field of another shape can be wrong.
      request: (body) => ({ ...body, TemplateSid: 'none' }),
      answer: (body) => ({ ...body, sid: 'SM7', valid: 'perhaps' }),
    })),
    {
      vendor: 'twilio-verify',
      operation: 'check',
      of: is('POST', checks),
      request: (body) => ({ ...body, VerificationSid: 'none' }),
      answer: (body) => ({ ...body, valid: 'perhaps' }),
    },
  ],
  sdks: [
    { vendor: 'twilio', witness: 'twilio 6.2.0', operation: 'messages.create', run: sdkSends },
    { vendor: 'twilio', witness: 'twilio 6.2.0', operation: 'callbacks, inbound', run: sdkReadsCallbacks },
    {
      vendor: 'twilio-verify',
      witness: 'twilio 6.2.0',
      operation: 'start, check wrong, right, again',
      run: sdkVerifies,
    },
  ],
};
