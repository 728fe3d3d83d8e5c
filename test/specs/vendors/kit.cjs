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

/**
 * What an SDK makes of the webhooks that a dialect posts: of the last message, and of what somebody writes. Each has to be taken as
 * it is, and refused with another digit in it.
 * @param isTaken (webhook, url) => whether the SDK believes it; may throw instead of false
 */
async function judgeWebhooks(vendors, provider, isTaken) {
  const url = `https://auth.example.com/webhooks/sms/${provider}`;
  const at = new Date();
  const [told] = vendors.news;
  const stages = ['sent', 'delivered', 'failed'].map((stage) => told.write(stage, { url, at }));
  const posted = [...stages, vendors.inbound(provider, { url, at })].filter((webhook) => webhook !== undefined);
  const believes = async (webhook) => {
    try {
      return (await isTaken(webhook, url)) === true;
    } catch {
      return false;
    }
  };
  for (const webhook of posted) {
    const altered = { ...webhook, body: webhook.body.replace(/\d(?=\D*$)/, (digit) => (Number(digit) + 1) % 10) };
    if (!(await believes(webhook))) return `refused ${webhook.body}`;
    if (altered.body === webhook.body || (await believes(altered))) return `took ${altered.body}`;
  }
  return posted.length > 1 ? 'ok' : 'nothing was posted';
}

module.exports = { judgeWebhooks, text, object, closed, digits, is, bodyOf, written };
