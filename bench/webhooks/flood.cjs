// Offers so many requests a second over a few connections, on a schedule that catches up, and counts the answers. As cheap as can be, so
// that who offers takes no processor from who answers: prepared bytes, no client library. Runs in a thread of its own.
const { createPrivateKey, randomBytes, sign } = require('node:crypto');
const { connect } = require('node:net');
const { performance } = require('node:perf_hooks');
const { parentPort, workerData } = require('node:worker_threads');

const CONNECTIONS = 32;
const TICK = 10;
/** Unanswered at most: beyond it nothing is offered, which shows as a lower rate. */
const OPEN_MAX = 4000;

const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @returns a function that makes the n-th request */
function requests({ host, path, kind, seed }) {
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, Buffer.from(seed, 'base64')]),
    format: 'der',
    type: 'pkcs8',
  });
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
  const bodyOf = (id) => {
    const payload = { id, to: [{ status: 'delivered' }], cost: { amount: '0.0051', currency: 'USD' } };
    return JSON.stringify({ data: { event_type: 'message.finalized', id, payload, note: 'x'.repeat(400) } });
  };
  const proofs = {
    unsigned: () => '',
    forged: (body, at) =>
      `telnyx-timestamp: ${at}\r\ntelnyx-signature-ed25519: ${randomBytes(64).toString('base64')}\r\n`,
    valid: (body, at) =>
      `telnyx-timestamp: ${at}\r\ntelnyx-signature-ed25519: ${sign(null, Buffer.from(`${at}|${body}`), key).toString('base64')}\r\n`,
  };
  return (n) => {
    const body = bodyOf(kind === 'valid' ? `bench-${process.pid}-${n}` : 'bench');
    // Unsigned from one address, which its limit answers; the others from many, so that each is looked at.
    const address = kind === 'unsigned' ? '198.51.100.7' : `10.${n & 63}.${(n >> 6) & 255}.1`;
    const at = Math.floor(Date.now() / 1000);
    return `${head}x-forwarded-for: ${address}\r\n${proofs[kind](body, at)}content-length: ${body.length}\r\n\r\n${body}`;
  };
}

function counted(socket, answers) {
  let rest = '';
  socket.setEncoding('latin1').on('data', (text) => {
    rest += text;
    for (const [, status] of rest.matchAll(/HTTP\/1\.1 (\d{3})/g)) answers[status] = (answers[status] ?? 0) + 1;
    rest = rest.slice(-12).replace(/.*HTTP\/1\.1 \d{3}/s, '');
  });
}

async function main() {
  const { url, kind, seed, perSecond, seconds } = workerData;
  const { hostname, port, host, pathname: path } = new URL(url);
  const make = requests({ host, path, kind, seed });
  const answers = {};
  const sockets = Array.from({ length: CONNECTIONS }, () => connect(Number(port), hostname).setNoDelay(true));
  for (const socket of sockets) {
    counted(socket, answers);
    socket.on('error', () => (answers.broken = (answers.broken ?? 0) + 1));
  }
  const answered = () => Object.values(answers).reduce((sum, count) => sum + count, 0);
  let sent = 0;
  const began = performance.now();
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - began) {
    const due = Math.min(Math.floor((elapsed / 1000) * perSecond), answered() + OPEN_MAX);
    for (; sent < due; sent += 1) sockets[sent % CONNECTIONS].write(make(sent));
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
  const answeredInTime = answered();
  const tookSeconds = (performance.now() - began) / 1000;
  for (let waits = 0; waits < 500 && answered() < sent; waits += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const socket of sockets) socket.destroy();
  parentPort.postMessage({ sent, answers, perSecond: Math.round(answeredInTime / tookSeconds) });
}

void main();
