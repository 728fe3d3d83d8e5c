// Infobip: SMS v3 and 2FA. The official SDK has neither: it speaks the older SMS v2, so that is what it witnesses.
const { closed, digits, is, object, text } = require('./kit.cjs');

const witness = '@infobip-api/sdk 0.3.2';

const error = object({ requestError: object({ serviceException: object({ messageId: text, text }) }) });
const start = object({ applicationId: text, messageId: text, to: digits }, undefined, closed);
const resend = object({ placeholders: { type: 'object' } }, [], closed);
const sms = object({
  pinId: text,
  to: digits,
  ncStatus: text,
  smsStatus: { enum: ['MESSAGE_SENT', 'MESSAGE_NOT_SENT'] },
});
const voice = object({ pinId: text, to: digits, callStatus: text });
const verdict = object(
  {
    pinId: text,
    msisdn: digits,
    verified: { type: 'boolean' },
    attemptsRemaining: { type: 'integer' },
    pinError: text,
  },
  ['pinId', 'msisdn', 'verified', 'attemptsRemaining'],
);

const smsError = object({
  errorCode: text,
  description: text,
  action: text,
  violations: { type: 'array', items: object({ property: text, violation: text }) },
  resources: { type: 'array' },
});
const smsMessage = object(
  {
    sender: text,
    destinations: {
      type: 'array',
      minItems: 1,
      items: object({ to: { type: 'string' }, messageId: { type: 'string', maxLength: 200 } }, ['to'], closed),
    },
    content: object({ text }),
    options: object({
      validityPeriod: object(
        { amount: { type: 'integer', minimum: 1 }, timeUnit: { enum: ['SECONDS', 'MINUTES', 'HOURS'] } },
        ['amount'],
        closed,
      ),
    }),
  },
  ['content', 'destinations'],
  closed,
);
const smsStatus = object({
  groupId: { enum: [1, 2, 3, 4, 5] },
  groupName: { enum: ['ACCEPTED', 'PENDING', 'UNDELIVERABLE', 'DELIVERED', 'EXPIRED', 'REJECTED'] },
  id: { type: 'integer' },
  name: text,
  description: text,
});
const smsSent = object(
  {
    bulkId: text,
    messages: {
      type: 'array',
      minItems: 1,
      items: object({ messageId: text, status: smsStatus, destination: { type: 'string' } }),
    },
  },
  ['messages'],
);

const pin = (path, request, answer) => ({
  method: 'POST',
  path,
  request,
  answers: { 200: answer, '4XX': error },
});

const sdk = (origin, apiKey) => {
  const { AuthType, Infobip } = require('@infobip-api/sdk');
  return new Infobip({ baseUrl: origin, apiKey, authType: AuthType.ApiKey });
};
const sdkMessage = (to) => ({ type: 'text', messages: [{ destinations: [{ to }], from: 'Latchkey', text: '654321' }] });

async function sdkSends({ origin, credentials, phone }) {
  const { sms } = sdk(origin, credentials.INFOBIP_API_KEY).channels;
  const { data } = await sms.send(sdkMessage('12025550174'));
  const [{ to, code }] = phone;
  if (to !== '+12025550174' || code !== '654321') return `${code} arrived at ${to}`;
  const { data: refused } = await sms.send(sdkMessage('1'));
  const groups = [...data.messages, ...refused.messages].map(({ status }) => status.groupName);
  return groups.join() === 'PENDING,REJECTED' && data.messages[0].to === '12025550174' ? 'ok' : JSON.stringify(data);
}

/** The SDK hands failures back, as an error of axios. */
async function sdkIsRefused({ origin }) {
  const answer = await sdk(origin, 'another key').channels.sms.send(sdkMessage('12025550174'));
  return answer.response?.status === 401 ? 'ok' : `answered ${answer.status}`;
}

module.exports = {
  files: { infobip: 'infobip-sms.openapi.mock.json', 'infobip-2fa': 'infobip-2fa.openapi.mock.json' },
  schemas: [
    {
      method: 'POST',
      path: /^\/sms\/3\/messages$/,
      request: object({ messages: { type: 'array', minItems: 1, items: smsMessage } }),
      answers: { 200: smsSent, '4XX': smsError },
    },
    pin(/^\/2fa\/2\/pin$/, start, sms),
    pin(/^\/2fa\/2\/pin\/voice$/, start, voice),
    pin(/^\/2fa\/2\/pin\/[^/]+\/resend$/, resend, sms),
    pin(/^\/2fa\/2\/pin\/[^/]+\/resend\/voice$/, resend, voice),
    pin(/^\/2fa\/2\/pin\/[^/]+\/verify$/, object({ pin: text }, undefined, closed), verdict),
  ],
  operations: [
    {
      vendor: 'infobip',
      operation: 'send',
      of: is('POST', /^\/sms\/3\/messages$/),
      request: ({ messages: [message] }) => ({ messages: [{ ...message, destinations: [{ to: 12025550143 }] }] }),
      answer: ({ messages: [message] }) => ({
        messages: [{ ...message, status: { ...message.status, groupName: 'PERHAPS' } }],
      }),
    },
    ...[
      ['start sms', /^\/2fa\/2\/pin(\?.*)?$/, { to: 12025550143 }, { smsStatus: 7 }],
      ['start voice', /^\/2fa\/2\/pin\/voice$/, { to: 12025550143 }, { callStatus: 7 }],
      ['resend sms', /^\/2fa\/2\/pin\/[^/]+\/resend$/, { placeholders: 'none' }, { smsStatus: 7 }],
      ['resend voice', /^\/2fa\/2\/pin\/[^/]+\/resend\/voice$/, { placeholders: 'none' }, { callStatus: 7 }],
      ['verify', /^\/2fa\/2\/pin\/[^/]+\/verify$/, { pin: 123456 }, { verified: 'perhaps' }],
    ].map(([operation, path, inRequest, inAnswer]) => ({
      vendor: 'infobip-2fa',
      operation,
      of: is('POST', path),
      request: (body) => ({ ...body, ...inRequest }),
      answer: (body) => ({ ...body, ...inAnswer }),
    })),
  ],
  sdks: [
    { vendor: 'infobip', witness, operation: 'sms.send, by v2', run: sdkSends },
    { vendor: 'infobip', witness, operation: 'sms.send, by v2, with a wrong key', run: sdkIsRefused },
  ],
};
