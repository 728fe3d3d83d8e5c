// A gateway for SMS_PROVIDERS=http to start from: plain Node 20, no dependency. It checks that a request is Latchkey's, unchanged
// and fresh, sends every message once, answers as docs/sms-gateway.md asks, and posts a receipt. Put your own sending into `deliver`.
//
//   SMS_HTTP_SECRET=<the secret of Latchkey> PORT=8080 node gateway.cjs
//
// Run it behind TLS. What it remembers is in memory: with several instances keep the ids where all of them see them.
const { createHmac, timingSafeEqual } = require('node:crypto');
const { createServer } = require('node:http');
const { setTimeout: wait } = require('node:timers/promises');

const TOLERANCE_SECONDS = 300;
const BODY_BYTES_MAX = 16 * 1024;
const REMEMBERED_SECONDS = 3600;
const RECEIPT_TRIES = 5;

/** Your sending. Throw a Refusal to say no; any other error is answered with 503. Call `report` when you know what became of it. */
async function deliver({ to, text }, report) {
  console.log(JSON.stringify({ event: 'message', to, text }));
  report({ status: 'delivered' });
}

/** Posts a receipt until it is taken; what is refused (4xx) will not be taken later either. */
async function postReceipt(url, secret, receipt) {
  const body = JSON.stringify({ event: 'delivery', at: new Date().toISOString(), ...receipt });
  for (let tries = 1; tries <= RECEIPT_TRIES; tries += 1) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = {
      'content-type': 'application/json',
      'latchkey-timestamp': timestamp,
      'latchkey-signature': signatureOf(secret, timestamp, body),
    };
    const status = await fetch(url, { method: 'POST', headers, body }).then(
      (response) => response.status,
      () => 0,
    );
    if (status >= 200 && status < 500 && status !== 429) return status;
    await wait(2 ** tries * 1000, undefined, { ref: false });
  }
  return undefined;
}

function signatureOf(secret, timestamp, body) {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

class Refusal extends Error {
  constructor(status, error) {
    super(error);
    this.status = status;
  }
}

function createGateway({ secret, send = deliver, now = () => Date.now() / 1000 }) {
  const seen = new Map();

  function assertGenuine(headers, body) {
    const timestamp = headers['latchkey-timestamp'] ?? '';
    const expected = Buffer.from(signatureOf(secret, timestamp, body));
    const presented = Buffer.from(headers['latchkey-signature'] ?? '');
    const genuine = presented.length === expected.length && timingSafeEqual(presented, expected);
    if (!genuine) throw new Refusal(401, 'bad_signature');
    if (!(Math.abs(now() - Number(timestamp)) <= TOLERANCE_SECONDS)) throw new Refusal(401, 'stale');
  }

  function messageIn(body) {
    let message;
    try {
      message = JSON.parse(body.toString('utf8'));
    } catch {
      throw new Refusal(400, 'bad_request');
    }
    const { id, to, text, expiresAt, receiptUrl } = message ?? {};
    const end = Date.parse(expiresAt) / 1000;
    const complete = [id, to, text].every((value) => typeof value === 'string' && value !== '') && !Number.isNaN(end);
    if (!complete) throw new Refusal(400, 'bad_request');
    if (!/^\+[1-9]\d{6,14}$/.test(to)) throw new Refusal(422, 'invalid_number');
    if (end <= now()) throw new Refusal(410, 'expired');
    return { id, to, text, receiptUrl };
  }

  // The promise is kept, not its end: a repetition that comes while the first is still being sent waits for the same one.
  function sendOnce(message) {
    for (const [id, { at }] of seen) if (at < now() - REMEMBERED_SECONDS) seen.delete(id);
    const known = seen.get(message.id);
    if (known) return known.sent;
    const sent = send(message, (receipt) => report(message, receipt));
    seen.set(message.id, { at: now(), sent });
    sent.catch(() => seen.delete(message.id));
    return sent;
  }

  function report({ id, receiptUrl }, receipt) {
    if (typeof receiptUrl !== 'string') return;
    postReceipt(receiptUrl, secret, { id, ...receipt }).then((status) =>
      console.log(JSON.stringify({ event: 'receipt', id, taken: status === 200, status })),
    );
  }

  async function answer(request) {
    if (request.method !== 'POST') throw new Refusal(405, 'bad_request');
    const body = await read(request);
    assertGenuine(request.headers, body);
    const message = messageIn(body);
    await sendOnce(message);
    return { status: 202, body: { id: message.id } };
  }

  return createServer((request, response) => {
    answer(request)
      .catch((error) => {
        if (error instanceof Refusal) return { status: error.status, body: { error: error.message } };
        console.error(JSON.stringify({ event: 'failed', error: String(error) }));
        return { status: 503, body: { error: 'unavailable' } };
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
}

async function read(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Refusal(413, 'bad_request');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function main() {
  const secret = process.env['SMS_HTTP_SECRET'] ?? '';
  if (secret.length < 32) {
    console.error('SMS_HTTP_SECRET must have at least 32 characters');
    process.exit(1);
  }
  const server = createGateway({ secret });
  server.listen(Number(process.env['PORT'] ?? 8080), process.env['HOST'] ?? '127.0.0.1', () => {
    const { address, port } = server.address();
    console.log(JSON.stringify({ event: 'ready', gateway: `http://${address}:${port}` }));
  });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close(() => process.exit(0)));
}

if (require.main === module) main();

module.exports = { createGateway, Refusal };
