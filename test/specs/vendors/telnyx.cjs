// Telnyx: Messaging.
const { is, object, text } = require('./kit.cjs');

const error = object({ errors: { type: 'array', minItems: 1, items: object({ code: text, title: text }) } });
const recipient = object({ phone_number: text, status: { enum: ['queued', 'sending', 'sent'] } });
const message = object({
  id: text,
  record_type: { const: 'message' },
  to: { type: 'array', items: recipient },
});

async function sdkSends({ origin, credentials, phone }) {
  const { Telnyx } = require('telnyx');
  const client = new Telnyx({ apiKey: credentials.TELNYX_API_KEY, baseURL: `${origin}/v2`, maxRetries: 0 });
  const from = credentials.TELNYX_PHONE_NUMBER;
  const { data } = await client.messages.send({ from, to: '+12025550177', text: 'Your code is 654321' });
  return data.id && data.to[0].status === 'queued' && phone[0].code === '654321' ? 'ok' : JSON.stringify(data);
}

module.exports = {
  files: { telnyx: 'telnyx-messaging-verify.cut.openapi.mock.json' },
  schemas: [
    {
      method: 'POST',
      path: /^\/v2\/messages$/,
      request: object({ to: text, from: text, text, type: { enum: ['SMS', 'MMS'] } }, ['to', 'text']),
      answers: { 200: object({ data: message }), '4XX': error },
    },
  ],
  operations: [
    {
      vendor: 'telnyx',
      operation: 'send',
      of: is('POST', /^\/v2\/messages$/),
      request: (body) => ({ ...body, to: 12025550143 }),
      answer: ({ data }) => ({ data: { ...data, to: [{ ...data.to[0], status: 'posted' }] } }),
    },
  ],
  sdks: [{ vendor: 'telnyx', witness: 'telnyx 7.24.0', operation: 'messages.send', run: sdkSends }],
};
