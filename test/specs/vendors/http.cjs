// The operator's own gateway: its specification is docs/sms-gateway.md, so there is neither a vendor's file nor an SDK.
const { closed, is, object, text } = require('./kit.cjs');

const message = object(
  { id: text, to: { type: 'string', pattern: '^\\+' }, text, expiresAt: text, receiptUrl: text },
  undefined,
  closed,
);

module.exports = {
  files: {},
  schemas: [
    {
      method: 'POST',
      path: /^\/sms-gateway$/,
      request: message,
      answers: { 202: object({ id: text }), '4XX': object({ error: text }) },
    },
  ],
  operations: [
    {
      vendor: 'http',
      operation: 'send',
      of: is('POST', /^\/sms-gateway$/),
      request: (body) => ({ ...body, to: 12025550143 }),
      answer: (body) => ({ ...body, id: 7 }),
    },
  ],
  sdks: [],
};
