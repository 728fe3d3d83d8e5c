// Requests at a rate, whether or not they are answered (an open loop), as a crowd or an attacker sends them: what came of each, and when.
const { Agent } = require('node:http');
const { performance } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const { answerTo } = require('../http/load.cjs');

const ANSWER_WITHIN_MS = 10_000;
const TICK_MS = 10;

async function ask(target, { check, ...request }) {
  const from = performance.now();
  try {
    const { status, headers, text } = await answerTo(target, { ...request, withinMs: ANSWER_WITHIN_MS });
    const at = performance.now();
    const took = at - from;
    if (status === 503 && headers['retry-after'] !== undefined) return { kind: 'refused', took, at };
    if (status < 300 && check(JSON.parse(text))) return { kind: 'ok', took, at };
    return { kind: 'wrong', took, why: `${status} ${text.slice(0, 120)}` };
  } catch (error) {
    return { kind: 'unanswered', took: performance.now() - from, why: String(error.code ?? error.message) };
  }
}

/**
 * @param {{next: () => object | undefined, perSecond: number}} load
 * @returns {Promise<{answers: {kind: 'ok' | 'refused' | 'wrong' | 'unanswered', took: number, at?: number, why?: string}[], endedAt: number}>}
 * one for each request, once all are over; endedAt: when the last one was asked
 */
async function openLoop(origin, { next, perSecond }, seconds) {
  const target = { origin, agent: new Agent({ keepAlive: true, maxSockets: Infinity }) };
  const asked = [];
  const began = performance.now();
  for (;;) {
    const now = performance.now() - began;
    if (now >= seconds * 1000) break;
    const due = Math.floor((now / 1000) * perSecond);
    while (asked.length < due) {
      const request = next();
      if (request === undefined) throw new Error('ran out of people');
      asked.push(ask(target, request));
    }
    await sleep(TICK_MS);
  }
  const endedAt = performance.now();
  const answers = await Promise.all(asked);
  target.agent.destroy();
  return { answers, endedAt };
}

module.exports = { openLoop };
