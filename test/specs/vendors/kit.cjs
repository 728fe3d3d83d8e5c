// What every vendor's file says the same way: small schemas, which exchange an operation is, bodies as JSON or forms.
const { URLSearchParams } = require('node:url');
const text = { type: 'string', minLength: 1 };

const object = (properties, required = Object.keys(properties), more = {}) => ({
  type: 'object',
  properties,
  required,
  ...more,
});

const closed = { additionalProperties: false };
const digits = { type: 'string', pattern: '^[1-9]\\d{6,14}$' };

/** @returns whether an exchange is of this method and path (with its query) */
const is = (method, path) => (exchange) => exchange.method === method && path.test(exchange.path);

const isForm = ({ headers }) => (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');

/** The body of an exchange as an object; null without one. Every value of a form is text. */
function bodyOf(exchange) {
  if (isForm(exchange)) return Object.fromEntries(new URLSearchParams(exchange.rawBody));
  return JSON.parse(exchange.rawBody || 'null');
}

/** As the exchange had it, with another body. */
function written(exchange, body) {
  return isForm(exchange) ? new URLSearchParams(body).toString() : JSON.stringify(body);
}

module.exports = { text, object, closed, digits, is, bodyOf, written };
