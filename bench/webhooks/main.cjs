// npm run bench:webhooks: a thousand webhooks a second (A91) against one instance with the limits of production, and what people notice
// of it. Three floods, each between two quiet times: unsigned from one address, forged from many, signed from many. Prints how they were
// answered, the p95 of two other routes as a ratio, and the processor time per request; ends with 1 when a forged one was taken, a signed
// one was refused, or another route failed. WEBHOOK_SECONDS is the length of a flood: 20 unless told, 60 in A91.
const { readFileSync } = require('node:fs');
const { Agent, request } = require('node:http');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');
const { Worker } = require('node:worker_threads');
const { System } = require('../pumping/system.cjs');
const { run, running } = require('../run.cjs');

const SECONDS = Number(process.env.WEBHOOK_SECONDS ?? 20);
const PER_SECOND = Number(process.env.WEBHOOK_RATE ?? 1000);
const QUIET_SECONDS = 5;
const CLOCK_TICKS = 100;
const FLOODS = [
  // 503: nobody could write down, within two seconds, that somebody forges, or what a vendor says; the vendor says it again.
  { kind: 'unsigned', right: ['401', '429', '503'] },
  { kind: 'forged', right: ['401', '503'] },
  { kind: 'valid', right: ['200', '503'] },
];

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @returns {Promise<number>} status; 0 where the connection failed */
function call(agent, { url, method, headers, body }) {
  return new Promise((resolve) => {
    const sent = request(url, { agent, method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

const p95 = (took) => took.sort((a, b) => a - b)[Math.floor(took.length * 0.95)] ?? 0;

/** Asks other routes in turn all the time. @returns their p95 in milliseconds, and how many answers were not 200 */
async function watched(routes, until) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const took = Object.fromEntries(Object.keys(routes).map((name) => [name, []]));
  let wrong = 0;
  for (let n = 0; !until.over; n += 1, await sleep(5)) {
    for (const [name, route] of Object.entries(routes)) {
      const began = performance.now();
      if ((await call(agent, route(n))) !== 200) wrong += 1;
      took[name].push(performance.now() - began);
    }
  }
  agent.destroy();
  return { p95: Object.fromEntries(Object.entries(took).map(([name, all]) => [name, p95(all)])), wrong };
}

async function quiet(routes) {
  const until = { over: false };
  setTimeout(() => (until.over = true), QUIET_SECONDS * 1000);
  return watched(routes, until);
}

/** Seconds of processor time so far; NaN where there is no /proc. */
function cpuSeconds(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
  } catch {
    return Number.NaN;
  }
}

function flooded(data) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, 'flood.cjs'), { workerData: data });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** The routes that are watched: one without a statement, one with. Each question has an address of its own, so that none meets a limit. */
async function routesOf(system) {
  const { api } = system.api.ready;
  const phone = '+14152000001';
  const { body } = await system.post('/v1/auth/register', { phone, password: 'violet-harbor-41-lantern' }, '192.0.2.1');
  const status = JSON.stringify({ challengeToken: body.challengeToken });
  const from = (n) => ({ 'x-forwarded-for': `10.200.${(n >> 8) & 255}.${n & 255}` });
  return {
    keys: (n) => ({ url: `${api}/.well-known/jwks.json`, method: 'GET', headers: from(n) }),
    status: (n) => ({
      url: `${api}/v1/auth/otp/status`,
      method: 'POST',
      headers: { ...from(n), 'content-type': 'application/json', 'content-length': status.length },
      body: status,
    }),
  };
}

async function measured(system, routes, { kind, right }) {
  const { api } = system.api.ready;
  const seed = readFileSync(join(system.folder, 'secrets', 'SIMULATOR_TELNYX_SEED'), 'utf8');
  const before = await quiet(routes);
  const until = { over: false };
  const watching = watched(routes, until);
  const cpu = cpuSeconds(system.api.child.pid);
  const flood = await flooded({
    url: `${api}/webhooks/sms/telnyx`,
    kind,
    seed,
    perSecond: PER_SECOND,
    seconds: SECONDS,
  });
  const cpuMs = ((cpuSeconds(system.api.child.pid) - cpu) * 1000) / flood.sent;
  until.over = true;
  const during = await watching;
  const after = await quiet(routes);
  const ratio = (name) => Number(((2 * during.p95[name]) / (before.p95[name] + after.p95[name])).toFixed(2));
  const ratios = Object.fromEntries(Object.keys(routes).map((name) => [name, ratio(name)]));
  const isRight = Object.keys(flood.answers).every((status) => right.includes(status));
  const result = {
    kind,
    offered: PER_SECOND,
    ...flood,
    cpuMsPerRequest: Number(cpuMs.toFixed(3)),
    p95: during.p95,
    ratios,
    wrong: during.wrong,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return isRight && during.wrong === 0;
}

async function main() {
  const system = await System.start();
  running.push(system);
  const routes = await routesOf(system);
  await quiet(routes);
  let isGood = true;
  for (const flood of FLOODS) isGood = (await measured(system, routes, flood)) && isGood;
  return isGood ? 0 : 1;
}

run(main);
