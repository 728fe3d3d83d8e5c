// Infobip: 2FA. There is no official SDK for it.
const { closed, digits, is, object, text } = require('./kit.cjs');

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

const pin = (path, request, answer) => ({
  method: 'POST',
  path,
  request,
  answers: { 200: answer, '4XX': error },
});

module.exports = {
  files: { 'infobip-2fa': 'infobip-2fa.openapi.mock.json' },
  schemas: [
    pin(/^\/2fa\/2\/pin$/, start, sms),
    pin(/^\/2fa\/2\/pin\/voice$/, start, voice),
    pin(/^\/2fa\/2\/pin\/[^/]+\/resend$/, resend, sms),
    pin(/^\/2fa\/2\/pin\/[^/]+\/resend\/voice$/, resend, voice),
    pin(/^\/2fa\/2\/pin\/[^/]+\/verify$/, object({ pin: text }, undefined, closed), verdict),
  ],
  operations: [
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
  sdks: [],
};
