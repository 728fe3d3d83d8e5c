// Sinch: SMS and Verification.
const { bodyOf, closed, digits, is, judgeWebhooks, object, text } = require('./kit.cjs');

const root = String.raw`^/verification/v1/verifications`;
const vendor = 'sinch-verification';
const witness = '@sinch/sdk-core 1.4.0';

const error = object({ errorCode: { type: ['integer', 'string'] }, message: text });
const method = { enum: ['sms', 'callout'] };
const identity = object(
  { type: { const: 'number' }, endpoint: { type: 'string', pattern: '^\\+[1-9]\\d+$' } },
  undefined,
  closed,
);
const start = object(
  { identity, method, reference: text, custom: text, smsOptions: {}, calloutOptions: {} },
  ['identity', 'method'],
  closed,
);
const status = { enum: ['PENDING', 'SUCCESSFUL', 'FAIL', 'DENIED', 'ABORTED', 'ERROR'] };
const verdict = object({ id: text, method, status, reason: text }, ['id', 'method', 'status']);
const found = object({ ...verdict.properties, reference: text, identity }, ['id', 'method', 'status', 'reference']);
const report = object({ method, sms: object({ code: text }), callout: object({ code: text }) }, ['method'], closed);

const verification = (verb, path, by) => (exchange) =>
  is(verb, new RegExp(root + path))(exchange) && (by === undefined || bodyOf(exchange).method === by);

const batchesPath = /^\/xms\/v1\/[^/]+\/batches$/;
const batchStart = object(
  {
    from: text,
    to: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^\\+?[1-9]\\d{6,14}$' } },
    body: { type: 'string', maxLength: 1600 },
    type: { const: 'mt_text' },
    expire_at: text,
    client_reference: { type: 'string', maxLength: 128 },
    delivery_report: { enum: ['none', 'summary', 'full', 'per_recipient'] },
    callback_url: { type: 'string', maxLength: 2048 },
  },
  ['to', 'body'],
  closed,
);
const batch = object({
  id: text,
  to: { type: 'array', minItems: 1, items: digits },
  body: text,
  canceled: { type: 'boolean' },
  created_at: text,
});

async function sdkSends({ origin, credentials, phone }) {
  const { SinchClient } = require('@sinch/sdk-core');
  const { sms } = new SinchClient({
    servicePlanId: credentials.SINCH_SERVICE_PLAN_ID,
    apiToken: credentials.SINCH_API_TOKEN,
    smsHostname: origin,
  });
  const from = credentials.SINCH_FROM;
  const body = 'Your code is 654321';
  const sent = await sms.batches.sendTextMessage({ sendSMSRequestBody: { from, to: ['+12025550175'], body } });
  const [{ to, code }] = phone;
  if (to !== '+12025550175' || code !== '654321') return `${code} arrived at ${to}`;
  const found = await sms.batches.get({ batch_id: sent.id });
  return found.id === sent.id && found.canceled === false ? 'ok' : JSON.stringify(found);
}

async function sdkReadsReports(vendors) {
  const { SinchClient, SmsCallbackWebhooks } = require('@sinch/sdk-core');
  const { origin, credentials } = vendors;
  const { sms } = new SinchClient({
    servicePlanId: credentials.SINCH_SERVICE_PLAN_ID,
    apiToken: credentials.SINCH_API_TOKEN,
    smsHostname: origin,
  });
  const sendSMSRequestBody = { from: credentials.SINCH_FROM, to: ['+12025550175'], body: '654321' };
  const { id } = await sms.batches.sendTextMessage({
    sendSMSRequestBody: { ...sendSMSRequestBody, delivery_report: 'per_recipient' },
  });
  const webhooks = new SmsCallbackWebhooks(credentials.SINCH_WEBHOOK_SECRET);
  return judgeWebhooks(vendors, 'sinch', ({ headers, body }) => {
    const event = webhooks.parseEvent(body);
    const known = event.type === 'mo_text' ? event.received_at instanceof Date : event.batch_id === id;
    return known && webhooks.validateAuthenticationHeader(headers, body);
  });
}

async function sdkReadsEvents(vendors) {
  const { SinchClient, VerificationCallbackWebhooks } = require('@sinch/sdk-core');
  const { origin, credentials } = vendors;
  const keys = {
    applicationKey: credentials.SINCH_APPLICATION_KEY,
    applicationSecret: credentials.SINCH_APPLICATION_SECRET,
  };
  const { verification } = new SinchClient({ ...keys, verificationHostname: origin });
  const { id } = await verification.verifications.startSms({
    startVerificationWithSmsRequestBody: { identity: { type: 'number', endpoint: '+12025550179' } },
  });
  const webhooks = new VerificationCallbackWebhooks(keys);
  return judgeWebhooks(vendors, 'sinch-verification', ({ headers, body }, url) => {
    const event = webhooks.parseEvent(body);
    const known = event.id === id && ['Successful', 'Failed'].includes(event.smsResult);
    return known && webhooks.validateAuthenticationHeader(headers, body, new URL(url).pathname, 'POST');
  });
}

async function sdkCalls({ origin, credentials, phone }) {
  const { SinchClient } = require('@sinch/sdk-core');
  const { verification } = new SinchClient({
    applicationKey: credentials.SINCH_APPLICATION_KEY,
    applicationSecret: credentials.SINCH_APPLICATION_SECRET,
    verificationHostname: origin,
  });
  const started = await verification.verifications.startPhoneCall({
    startVerificationWithPhoneCallRequestBody: { identity: { type: 'number', endpoint: '+12025550177' } },
  });
  const [{ channel, code }] = phone;
  const request = { id: started.id, reportPhoneCallVerificationByIdRequestBody: { phoneCall: { code } } };
  const { status: reported } = await verification.verifications.reportPhoneCallById(request);
  return channel === 'voice' && reported === 'SUCCESSFUL' ? 'ok' : `${channel} ${reported}`;
}

async function sdkVerifies({ origin, credentials, phone }, right) {
  const { SinchClient } = require('@sinch/sdk-core');
  const client = new SinchClient({
    applicationKey: credentials.SINCH_APPLICATION_KEY,
    applicationSecret: credentials.SINCH_APPLICATION_SECRET,
    verificationHostname: origin,
  });
  const started = await client.verification.verifications.startSms({
    startVerificationWithSmsRequestBody: { identity: { type: 'number', endpoint: '+12025550178' } },
  });
  const code = right ? phone[0].code : '0'.repeat(9);
  const request = { id: started.id, reportSmsVerificationByIdRequestBody: { sms: { code } } };
  const { status: reported, reason } = await client.verification.verifications.reportSmsById(request);
  const wanted = right ? 'SUCCESSFUL' : 'FAIL';
  return reported === wanted ? 'ok' : `${reported} ${reason}`;
}

module.exports = {
  files: { sinch: 'sinch-sms-v1.2021.openapi.mock.json', [vendor]: 'sinch-verification-2.0.1.cut.mock.json' },
  // developers.sinch.com/docs/sms/api-reference/status-codes: 401, without a body. The specification has 400 and 403 only.
  undeclared: { sinch: [401] },
  schemas: [
    {
      method: 'POST',
      path: batchesPath,
      request: batchStart,
      answers: { 201: batch, 401: {}, '4XX': object({ code: text, text }) },
    },
    {
      method: 'POST',
      path: /^\/verification\/v1\/verifications$/,
      request: start,
      answers: { 200: object({ id: text, method }), '4XX': error },
    },
    {
      method: 'PUT',
      path: /^\/verification\/v1\/verifications\/id\/[^/]+$/,
      request: report,
      answers: { 200: verdict, '4XX': error },
    },
    {
      method: 'GET',
      path: /^\/verification\/v1\/verifications\/reference\/[^/]+$/,
      request: { type: 'null' },
      answers: { 200: found, '4XX': error },
    },
  ],
  operations: [
    {
      vendor: 'sinch',
      operation: 'send',
      of: is('POST', batchesPath),
      request: (body) => ({ ...body, to: 12025550143 }),
      answer: (body) => ({ ...body, canceled: 'perhaps' }),
    },
    ...['sms', 'callout'].flatMap((by) => [
      {
        vendor,
        operation: `start ${by}`,
        of: verification('POST', '$', by),
        request: (body) => ({ ...body, method: 'pigeon' }),
        answer: (body) => ({ ...body, id: 7, method: 'pigeon' }),
      },
      {
        vendor,
        operation: `report ${by}`,
        of: verification('PUT', '/id/[^/]+$', by),
        request: (body) => ({ ...body, [by]: { code: 1234 } }),
        answer: (body) => ({ ...body, status: 'PERHAPS' }),
      },
    ]),
    {
      vendor,
      operation: 'status by reference',
      of: verification('GET', '/reference/[^/]+$'),
      answer: (body) => ({ ...body, status: 'PERHAPS' }),
    },
  ],
  sdks: [
    { vendor: 'sinch', witness, operation: 'batches.sendTextMessage, get', run: sdkSends },
    { vendor: 'sinch', witness, operation: 'reports, inbound', run: sdkReadsReports },
    { vendor, witness, operation: 'events', run: sdkReadsEvents },
    { vendor, witness, operation: 'start a call, report', run: sdkCalls },
    { vendor, witness, operation: 'start, report right', run: (vendors) => sdkVerifies(vendors, true) },
    { vendor, witness, operation: 'start, report wrong', run: (vendors) => sdkVerifies(vendors, false) },
  ],
};
