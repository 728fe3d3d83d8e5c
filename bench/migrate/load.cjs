// People who register and who mistype their password, about twenty a second: writes to the tables that a migration changes.
const { performance } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');

const CLIENTS = 4;
const PAUSE_MILLISECONDS = 150;
const PASSWORD = 'violet-harbor-41-lantern';
let people = 0;

const routes = [
  () => ['register', { phone: `+1415${2_000_001 + (people += 1)}`, password: PASSWORD }],
  () => ['login', { identifier: `+4915112${String(100_000 + (people += 1))}`, password: PASSWORD }],
];

/** @param origin of the instance. @returns `after(ms)`: goes on for so long, ends, and tells what people noticed */
function startLoad(origin) {
  const taken = [];
  const failures = [];
  let isOver = false;
  const ask = async ([route, body]) => {
    const began = performance.now();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const status = await fetch(`${origin}/v1/auth/${route}`, init).then((answer) => answer.status, String);
    taken.push(performance.now() - began);
    if (![200, 202, 401].includes(status)) failures.push(`${route} ${status}`);
  };
  const clients = Array.from({ length: CLIENTS }, async (_, at) => {
    for (let turn = at; !isOver; turn += 1) {
      await ask(routes[turn % routes.length]());
      await sleep(PAUSE_MILLISECONDS);
    }
  });
  return {
    async after(milliseconds) {
      await sleep(milliseconds);
      isOver = true;
      await Promise.all(clients);
      taken.sort((a, b) => a - b);
      const p95 = Math.round(taken[Math.floor(taken.length * 0.95)] ?? 0);
      return {
        requests: taken.length,
        failed: failures.length,
        failures: failures.slice(0, 5),
        p95Milliseconds: p95,
        slowestMilliseconds: Math.round(taken.at(-1) ?? 0),
      };
    },
  };
}

module.exports = { startLoad };
