// npm run bench:webhooks: a thousand unsigned webhooks a second (A91) against one instance, and what people notice of it. Prints how they
// were answered and the p95 of another route before and during; ends with 1 when one was taken or another route failed.
const { Agent, request } = require('node:http');
const { performance } = require('node:perf_hooks');
const { isMainThread, parentPort, Worker, workerData } = require('node:worker_threads');
const { System } = require('../pumping/system.cjs');

const SECONDS = Number(process.env.WEBHOOK_SECONDS ?? 20);
const PER_SECOND = 1000;
const TICK = 20;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @returns {Promise<number>} status; 0 where the connection failed */
function call(agent, url, method, body) {
  return new Promise((resolve) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(url, { agent, method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

/** Asks another route all the time. @returns p95 in milliseconds, and how many answers were not its usual one */
async function watched(url, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const took = [];
  let wrong = 0;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(10)) {
    const began = performance.now();
    if ((await call(agent, url, 'GET')) !== 200) wrong += 1;
    took.push(performance.now() - began);
  }
  agent.destroy();
  took.sort((a, b) => a - b);
  return { p95: Number(took[Math.floor(took.length * 0.95)].toFixed(1)), asked: took.length, wrong };
}

async function flood(url, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const body = JSON.stringify({ data: { event_type: 'message.finalized', payload: { id: 'x'.repeat(500) } } });
  const answers = {};
  const pending = [];
  for (let tick = 0; tick < (seconds * 1000) / TICK; tick += 1) {
    for (let n = 0; n < (PER_SECOND * TICK) / 1000; n += 1) {
      pending.push(call(agent, url, 'POST', body).then((status) => (answers[status] = (answers[status] ?? 0) + 1)));
    }
    await sleep(TICK);
  }
  await Promise.all(pending);
  agent.destroy();
  return answers;
}

/** In a thread of its own, so that who floods does not slow who watches. */
function flooded(url, seconds) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(module.filename, { workerData: { url, seconds } });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function main() {
  const system = await System.start();
  try {
    const { api } = system.api.ready;
    const other = `${api}/.well-known/jwks.json`;
    await watched(other, 2);
    const before = await watched(other, 5);
    const began = Date.now();
    const [answers, during] = await Promise.all([
      flooded(`${api}/webhooks/sms/telnyx`, SECONDS),
      watched(other, SECONDS),
    ]);
    const sent = Object.values(answers).reduce((sum, count) => sum + count, 0);
    const perSecond = Math.round(sent / ((Date.now() - began) / 1000));
    process.stdout.write(`${JSON.stringify({ sent, perSecond, answers, before, during })}\n`);
    const refused = (answers[401] ?? 0) + (answers[429] ?? 0);
    return refused === sent && during.wrong === 0 ? 0 : 1;
  } finally {
    await system.stop();
  }
}

if (isMainThread) {
  main().then(
    (code) => process.exit(code),
    (error) => {
      process.stderr.write(`${error.stack ?? error}\n`);
      process.exit(2);
    },
  );
} else {
  void flood(workerData.url, workerData.seconds).then((answers) => parentPort.postMessage(answers));
}
