// Vonage: Messages and Verify v2. Of its specification of Messages only texts by SMS are kept (all channels together take a
// validator half a minute), and refusals of one shape, which it offers as exclusive alternatives, may be any of them.
const { createHash } = require('node:crypto');
const { closed, digits, is, judgeWebhooks, object, text } = require('./kit.cjs');

const uuid = { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' };
const problem = object({ type: text, title: text, detail: text, instance: text });
const messages = /^\/v1\/messages$/;
const starts = /^\/v2\/verify$/;
const one = /^\/v2\/verify\/[^/]+$/;

function textsBySms(spec) {
  spec.paths['/v1/messages'].post.requestBody.content['application/json'].schema = {
    $ref: '#/components/schemas/OutboundSMSText',
  };
  for (const [status, { content }] of Object.entries(spec.paths['/v1/messages'].post.responses)) {
    const { schema } = content?.['application/json'] ?? {};
    if (status < 400 || schema?.oneOf === undefined) continue;
    schema.anyOf = schema.oneOf;
    delete schema.oneOf;
  }
  return spec;
}

const authOf = ({ VONAGE_APPLICATION_ID: applicationId, VONAGE_PRIVATE_KEY: privateKey }) => {
  const { Auth } = require('@vonage/auth');
  return new Auth({ applicationId, privateKey });
};

const bare = (number) => number.replace(/^\+/, '');

async function sdkSends({ origin, credentials, phone }) {
  const { Messages, SMS } = require('@vonage/messages');
  const client = new Messages(authOf(credentials), { apiHost: origin });
  const text = 'Your code is 876543';
  const { messageUUID } = await client.send(new SMS({ to: '12025550177', from: bare(credentials.VONAGE_FROM), text }));
  return messageUUID && phone[0].code === '876543' ? 'ok' : String(messageUUID);
}

/** The SDK reads the token; that its hash is of the body Vonage leaves to the reader. */
async function sdkReadsStatuses(vendors) {
  const { verifySignature } = require('@vonage/jwt');
  const { Messages, SMS } = require('@vonage/messages');
  const { origin, credentials } = vendors;
  const client = new Messages(authOf(credentials), { apiHost: origin });
  const sms = new SMS({ to: '12025550179', from: bare(credentials.VONAGE_FROM), text: 'Your code is 876544' });
  const { messageUUID } = await client.send(sms);
  return judgeWebhooks(vendors, 'vonage', ({ headers, body }) => {
    const token = headers.authorization.replace('Bearer ', '');
    const { payload_hash: hash } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    const { message_uuid: id, status } = JSON.parse(body);
    const known = status === undefined || id === messageUUID;
    const isWhole = hash === createHash('sha256').update(body).digest('hex');
    return known && isWhole && verifySignature(token, credentials.VONAGE_SIGNATURE_SECRET);
  });
}

async function sdkVerifies({ origin, credentials, phone }) {
  const { Channels, Verify2 } = require('@vonage/verify2');
  const client = new Verify2(authOf(credentials), { apiHost: origin });
  const workflow = [{ channel: Channels.VOICE, to: '12025550178' }];
  const { requestId } = await client.newRequest({ brand: 'Latchkey', codeLength: 6, workflow });
  const { code } = phone[0];
  const wrong = code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
  const said = [];
  for (const typed of [wrong, code, code]) {
    const answer = await client.checkCode(requestId, typed).catch((error) => error.response?.status ?? error.message);
    said.push(answer);
  }
  return said.join(', ') === '400, completed, 404' ? 'ok' : said.join(', ');
}

const witness = (name) => `@vonage/${name} ${require('../package.json').dependencies[`@vonage/${name}`]}`;

module.exports = {
  files: {
    vonage: 'vonage-messages-1.11.0.openapi.mock.json',
    'vonage-verify': 'vonage-verify-v2-1.0.1.cut.mock.json',
  },
  mend: { 'vonage-messages-1.11.0.openapi.mock.json': textsBySms },
  /** A second start for a number is refused while the first verification runs. */
  oneAtATime: ['vonage-verify'],
  schemas: [
    {
      method: 'POST',
      path: messages,
      request: object(
        {
          message_type: { const: 'text' },
          channel: { const: 'sms' },
          to: digits,
          from: text,
          text: { type: 'string', minLength: 1, maxLength: 1000 },
          ttl: { type: 'integer' },
          client_ref: { type: 'string', maxLength: 100 },
          webhook_url: text,
          webhook_version: { enum: ['v0.1', 'v1'] },
        },
        ['message_type', 'channel', 'to', 'from', 'text'],
        closed,
      ),
      answers: { 202: object({ message_uuid: uuid }), '4XX': problem },
    },
    {
      method: 'POST',
      path: starts,
      request: object(
        {
          brand: { type: 'string', minLength: 1, maxLength: 18 },
          workflow: {
            type: 'array',
            minItems: 1,
            maxItems: 3,
            items: object({ channel: { enum: ['sms', 'voice'] }, to: digits }, undefined, closed),
          },
          code_length: { type: 'integer', minimum: 4, maximum: 10 },
          channel_timeout: { type: 'integer', minimum: 15, maximum: 900 },
          client_ref: { type: 'string', pattern: '^[a-zA-Z0-9]{1,40}$' },
          locale: text,
        },
        ['brand', 'workflow'],
        closed,
      ),
      answers: { 202: object({ request_id: uuid }), '4XX': problem },
    },
    {
      method: 'POST',
      path: one,
      request: object({ code: { type: 'string', minLength: 4, maxLength: 10 } }, undefined, closed),
      answers: { 200: object({ request_id: uuid, status: { const: 'completed' } }), '4XX': problem },
    },
    { method: 'DELETE', path: one, request: { type: 'null' }, answers: { '4XX': problem } },
  ],
  operations: [
    {
      vendor: 'vonage',
      operation: 'send',
      of: is('POST', messages),
      request: (body) => ({ ...body, to: 12025550143 }),
      answer: () => ({ message_uuid: 7 }),
    },
    ...['sms', 'voice'].map((channel) => ({
      vendor: 'vonage-verify',
      operation: `start ${channel}`,
      of: (exchange) => is('POST', starts)(exchange) && JSON.parse(exchange.rawBody).workflow[0].channel === channel,
      request: (body) => ({ ...body, channel_timeout: 'long' }),
      answer: () => ({ request_id: 7 }),
    })),
    {
      vendor: 'vonage-verify',
      operation: 'check',
      of: is('POST', one),
      request: () => ({ code: 123456 }),
      answer: (body) => ({ ...body, status: 7 }),
    },
  ],
  sdks: [
    { vendor: 'vonage', witness: witness('messages'), operation: 'send', run: sdkSends },
    { vendor: 'vonage', witness: witness('auth'), operation: 'statuses, inbound', run: sdkReadsStatuses },
    {
      vendor: 'vonage-verify',
      witness: witness('verify2'),
      operation: 'start, check wrong, right, again',
      run: sdkVerifies,
    },
  ],
};
