// Telnyx: Messaging and Verify.
const { closed, is, judgeWebhooks, object, text } = require('./kit.cjs');

const specification = 'telnyx-messaging-verify.cut.openapi.mock.json';
const witness = 'telnyx 7.24.0';
const error = object({ errors: { type: 'array', minItems: 1, items: object({ code: text, title: text }) } });
const recipient = object({ phone_number: text, status: { enum: ['queued', 'sending', 'sent'] } });
const message = object({
  id: text,
  record_type: { const: 'message' },
  to: { type: 'array', items: recipient },
});

const verification = object({
  id: text,
  record_type: { const: 'verification' },
  type: { enum: ['sms', 'call'] },
  phone_number: text,
  status: { enum: ['pending', 'accepted', 'invalid', 'expired', 'error'] },
});
const startBody = object(
  { phone_number: text, verify_profile_id: text, custom_code: text, timeout_secs: { type: 'integer', minimum: 1 } },
  ['phone_number', 'verify_profile_id'],
  closed,
);

const verify = (type) => ({
  schema: {
    method: 'POST',
    path: new RegExp(`^/v2/verifications/${type}$`),
    request: startBody,
    answers: { 200: object({ data: verification }), '4XX': error },
  },
  operation: {
    vendor: 'telnyx-verify',
    operation: `start ${type}`,
    of: is('POST', new RegExp(`^/v2/verifications/${type}$`)),
    request: (body) => ({ ...body, phone_number: 13035551234 }),
    answer: ({ data }) => ({ data: { ...data, type: 'pigeon' } }),
  },
});
const verifications = ['sms', 'call'].map(verify);

/** With a code of the vendor, or one of the customer's; checked by the vendor, right or wrong. */
async function sdkVerifies({ origin, credentials, phone }, { customCode, right }) {
  const { Telnyx } = require('telnyx');
  const client = new Telnyx({ apiKey: credentials.TELNYX_API_KEY, baseURL: `${origin}/v2`, maxRetries: 0 });
  const { data } = await client.verifications.triggerSMS({
    phone_number: '+12025550176',
    verify_profile_id: credentials.TELNYX_VERIFY_PROFILE_ID,
    ...(customCode && { custom_code: customCode }),
  });
  const { code } = phone[0];
  if (customCode && code !== customCode) return `${code} arrived`;
  const typed = right ? code : code.replace(/.$/, (digit) => (Number(digit) + 1) % 10);
  const checked = await client.verifications.actions.verify(data.id, { code: typed });
  const wanted = right ? 'accepted' : 'rejected';
  return checked.data.response_code === wanted ? 'ok' : JSON.stringify(checked);
}

async function sdkCalls({ origin, credentials, phone }) {
  const { Telnyx } = require('telnyx');
  const client = new Telnyx({ apiKey: credentials.TELNYX_API_KEY, baseURL: `${origin}/v2`, maxRetries: 0 });
  const { data } = await client.verifications.triggerCall({
    phone_number: '+12025550176',
    verify_profile_id: credentials.TELNYX_VERIFY_PROFILE_ID,
    custom_code: '043612',
  });
  const [{ channel, code }] = phone;
  return channel === 'voice' && code === '043612' && data.type === 'call' ? 'ok' : `${channel} ${code} ${data.type}`;
}

/** The SDK wants a key, and headers as fetch has them. */
async function sdkReadsEvents(vendors) {
  const { Telnyx } = require('telnyx');
  const { origin, credentials } = vendors;
  const publicKey = credentials.TELNYX_PUBLIC_KEY;
  const client = new Telnyx({ apiKey: credentials.TELNYX_API_KEY, baseURL: `${origin}/v2`, maxRetries: 0, publicKey });
  const { data: sent } = await client.messages.send({
    from: credentials.TELNYX_PHONE_NUMBER,
    to: '+12025550177',
    text: '654321',
  });
  return judgeWebhooks(vendors, 'telnyx', async ({ headers, body }) => {
    const { data } = await client.webhooks.unwrap(body, { headers });
    return data.event_type === 'message.received' || data.payload.id === sent.id;
  });
}

async function sdkSends({ origin, credentials, phone }) {
  const { Telnyx } = require('telnyx');
  const client = new Telnyx({ apiKey: credentials.TELNYX_API_KEY, baseURL: `${origin}/v2`, maxRetries: 0 });
  const from = credentials.TELNYX_PHONE_NUMBER;
  const { data } = await client.messages.send({ from, to: '+12025550177', text: 'Your code is 654321' });
  return data.id && data.to[0].status === 'queued' && phone[0].code === '654321' ? 'ok' : JSON.stringify(data);
}

module.exports = {
  files: { telnyx: specification, 'telnyx-verify': specification },
  // guides/phone-verification.md of team-telnyx/telnyx-skills; the specification of Verify has 200 and 400 only.
  undeclared: { 'telnyx-verify': [401] },
  schemas: [
    {
      method: 'POST',
      path: /^\/v2\/messages$/,
      request: object({ to: text, from: text, text, type: { enum: ['SMS', 'MMS'] } }, ['to', 'text']),
      answers: { 200: object({ data: message }), '4XX': error },
    },
    ...verifications.map(({ schema }) => schema),
  ],
  operations: [
    {
      vendor: 'telnyx',
      operation: 'send',
      of: is('POST', /^\/v2\/messages$/),
      request: (body) => ({ ...body, to: 12025550143 }),
      answer: ({ data }) => ({ data: { ...data, to: [{ ...data.to[0], status: 'posted' }] } }),
    },
    ...verifications.map(({ operation }) => operation),
  ],
  sdks: [
    { vendor: 'telnyx', witness, operation: 'messages.send', run: sdkSends },
    { vendor: 'telnyx', witness, operation: 'events, inbound', run: sdkReadsEvents },
    { vendor: 'telnyx-verify', witness, operation: 'own code by a call', run: sdkCalls },
    ...[
      ['own code, right', { customCode: '043612', right: true }],
      ["vendor's code, right", { right: true }],
      ["vendor's code, wrong", { right: false }],
    ].map(([operation, how]) => ({
      vendor: 'telnyx-verify',
      witness,
      operation,
      run: (vendors) => sdkVerifies(vendors, how),
    })),
  ],
};
