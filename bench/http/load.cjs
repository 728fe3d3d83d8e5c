// One slice: so many connections ask one server for one thing, one request after the other, for so long. Every answer is read whole
// and its content is checked; an answer that is not the right one is an error and is never counted as served.
const { Agent, request: httpRequest } = require('node:http');
const { performance } = require('node:perf_hooks');

/** A whole slice may not take longer, however slow a server is. */
const ANSWER_WITHIN_MS = 20_000;
/** Turned away for want of room, and told when to come again: no answer, and no mistake. */
const REFUSED = 'refused';

/**
 * @param {{origin: string}} target
 * @param {() => {method?: string, path: string, headers?: object, body?: string, check: (body: any, headers: object) => boolean} | undefined} next
 *   the requests; undefined when there are no more
 * @param {{milliseconds: number, connections: number, most?: number}} bounds
 */
async function slice(target, next, { milliseconds, connections, most = Infinity }) {
  // Of this slice alone: a server may close a connection that has waited for its next.
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
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
      const problem = await ask({ origin: target.origin, agent }, request);
      if (problem === undefined) took.push(performance.now() - from);
      else if (problem === REFUSED) refused += 1;
      else wrong.set(problem, (wrong.get(problem) ?? 0) + 1);
    }
  }
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  return { took, wrong, refused, isOut, seconds: (performance.now() - began) / 1000 };
}

/** @returns {Promise<string | undefined>} what is wrong with the answer, or that it was a refusal */
async function ask(target, { check, ...request }) {
  try {
    const { status, headers, text } = await answerTo(target, request);
    if (status === 503 && headers['retry-after'] !== undefined) return REFUSED;
    if (status >= 300) return `${status} ${text.slice(0, 160)}`;
    return check(JSON.parse(text), headers) ? undefined : `not the right content: ${text.slice(0, 160)}`;
  } catch (error) {
    return String(error.code ?? error.message);
  }
}

/** @returns status, headers and text. @throws Error when there is no answer in time */
function answerTo({ origin, agent }, { method = 'POST', path, headers = {}, body, withinMs = ANSWER_WITHIN_MS }) {
  const { hostname, port } = new URL(origin);
  const all =
    body === undefined
      ? headers
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, agent, method, path, headers: all, timeout: withinMs }, (answer) => {
      let text = '';
      answer
        .setEncoding('utf8')
        .on('data', (part) => (text += part))
        .on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    sent
      .on('timeout', () => sent.destroy(new Error('no answer')))
      .on('error', reject)
      .end(body);
  });
}

/** Claims of a JWT, unchecked: whose token it is. */
function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

module.exports = { slice, claimsOf, answerTo };
