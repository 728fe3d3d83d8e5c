// Our own schemas of the operations in use, written from the vendors' documents: the stand-in when their files are away.
const text = { type: 'string', minLength: 1 };
const object = (properties, required = Object.keys(properties), more = {}) => ({
  type: 'object',
  properties,
  required,
  ...more,
});
const closed = { additionalProperties: false };

const telnyxError = object({ errors: { type: 'array', minItems: 1, items: object({ code: text, title: text }) } });
const telnyxRecipient = object({ phone_number: text, status: { enum: ['queued', 'sending', 'sent'] } });
const telnyxMessage = object({
  id: text,
  record_type: { const: 'message' },
  to: { type: 'array', items: telnyxRecipient },
});

const sinchError = object({ errorCode: { type: ['integer', 'string'] }, message: text });
const sinchMethod = { enum: ['sms', 'callout'] };
const sinchIdentity = object(
  { type: { const: 'number' }, endpoint: { type: 'string', pattern: '^\\+[1-9]\\d+$' } },
  undefined,
  closed,
);
const sinchStart = object(
  { identity: sinchIdentity, method: sinchMethod, reference: text, custom: text, smsOptions: {}, calloutOptions: {} },
  ['identity', 'method'],
  closed,
);
const sinchStatus = { enum: ['PENDING', 'SUCCESSFUL', 'FAIL', 'DENIED', 'ABORTED', 'ERROR'] };
const sinchVerdict = object({ id: text, method: sinchMethod, status: sinchStatus, reason: text }, [
  'id',
  'method',
  'status',
]);

const sinchFound = object({ ...sinchVerdict.properties, reference: text, identity: sinchIdentity }, [
  'id',
  'method',
  'status',
  'reference',
]);

const infobipError = object({ requestError: object({ serviceException: object({ messageId: text, text }) }) });
const digits = { type: 'string', pattern: '^[1-9]\\d{6,14}$' };
const infobipStart = object({ applicationId: text, messageId: text, to: digits }, undefined, closed);
const infobipResend = object({ placeholders: { type: 'object' } }, [], closed);
const infobipSms = object({
  pinId: text,
  to: digits,
  ncStatus: text,
  smsStatus: { enum: ['MESSAGE_SENT', 'MESSAGE_NOT_SENT'] },
});
const infobipVoice = object({ pinId: text, to: digits, callStatus: text });
const infobipVerdict = object(
  {
    pinId: text,
    msisdn: digits,
    verified: { type: 'boolean' },
    attemptsRemaining: { type: 'integer' },
    pinError: text,
  },
  ['pinId', 'msisdn', 'verified', 'attemptsRemaining'],
);

const infobip = (path, request, answer) => ({
  method: 'POST',
  path,
  request,
  answers: { 200: answer, '4XX': infobipError },
});

module.exports = [
  {
    method: 'POST',
    path: /^\/v2\/messages$/,
    request: object({ to: text, from: text, text, type: { enum: ['SMS', 'MMS'] } }, ['to', 'text']),
    answers: { 200: object({ data: telnyxMessage }), '4XX': telnyxError },
  },
  {
    method: 'POST',
    path: /^\/verification\/v1\/verifications$/,
    request: sinchStart,
    answers: { 200: object({ id: text, method: sinchMethod }), '4XX': sinchError },
  },
  {
    method: 'PUT',
    path: /^\/verification\/v1\/verifications\/id\/[^/]+$/,
    request: object(
      { method: sinchMethod, sms: object({ code: text }), callout: object({ code: text }) },
      ['method'],
      closed,
    ),
    answers: { 200: sinchVerdict, '4XX': sinchError },
  },
  {
    method: 'GET',
    path: /^\/verification\/v1\/verifications\/reference\/[^/]+$/,
    request: { type: 'null' },
    answers: { 200: sinchFound, '4XX': sinchError },
  },
  infobip(/^\/2fa\/2\/pin$/, infobipStart, infobipSms),
  infobip(/^\/2fa\/2\/pin\/voice$/, infobipStart, infobipVoice),
  infobip(/^\/2fa\/2\/pin\/[^/]+\/resend$/, infobipResend, infobipSms),
  infobip(/^\/2fa\/2\/pin\/[^/]+\/resend\/voice$/, infobipResend, infobipVoice),
  infobip(/^\/2fa\/2\/pin\/[^/]+\/verify$/, object({ pin: text }, undefined, closed), infobipVerdict),
];
