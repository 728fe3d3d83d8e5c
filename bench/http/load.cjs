// One slice: so many connections ask one server for one thing, one request after the other, for so long. Every answer is read whole
// and its content is checked; an answer that is not the right one is an error and is never counted as served.
const { performance } = require('node:perf_hooks');
const { Pool } = require('undici');

/** A whole slice may not take longer, however slow a server is. */
const ANSWER_WITHIN_MS = 20_000;
/** Turned away for want of room, and told when to come again: no answer, and no mistake. */
const REFUSED = 'refused';

/**
 * @param {{origin: string, pool?: Pool}} target
 * @param {() => {method?: string, path: string, headers?: object, body?: string, check: (body: any, headers: object) => boolean} | undefined} next
 *   the requests; undefined when there are no more
 * @param {{milliseconds: number, connections: number, most?: number}} bounds
 */
async function slice(target, next, { milliseconds, connections, most = Infinity }) {
  target.pool ??= new Pool(target.origin, {
    connections: 256,
    pipelining: 1,
    bodyTimeout: ANSWER_WITHIN_MS,
    headersTimeout: ANSWER_WITHIN_MS,
  });
  const took = [];
  const wrong = new Map();
  let refused = 0;
  let sent = 0;
  let isOut = false;
  const began = performance.now();
  const end = began + milliseconds;
  async function connection() {
    while (performance.now() < end && sent < most) {
      const request = next();
      if (request === undefined) {
        isOut = true;
        return;
      }
      sent += 1;
      const from = performance.now();
      const problem = await ask(target.pool, request);
      if (problem === undefined) took.push(performance.now() - from);
      else if (problem === REFUSED) refused += 1;
      else wrong.set(problem, (wrong.get(problem) ?? 0) + 1);
    }
  }
  await Promise.all(Array.from({ length: connections }, connection));
  return { took, wrong, refused, isOut, seconds: (performance.now() - began) / 1000 };
}

/** @returns {Promise<string | undefined>} what is wrong with the answer, or that it was a refusal */
async function ask(pool, { method = 'POST', path, headers = {}, body, check }) {
  try {
    const all = body === undefined ? headers : { 'content-type': 'application/json', ...headers };
    const answer = await pool.request({ method, path, headers: all, body });
    const text = await answer.body.text();
    if (answer.statusCode === 503 && answer.headers['retry-after'] !== undefined) return REFUSED;
    if (answer.statusCode >= 300) return `${answer.statusCode} ${text.slice(0, 160)}`;
    return check(JSON.parse(text), answer.headers) ? undefined : `not the right content: ${text.slice(0, 160)}`;
  } catch (error) {
    return String(error.code ?? error.message);
  }
}

/** Claims of a JWT, unchecked: whose token it is. */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

module.exports = { slice, claimsOf };
