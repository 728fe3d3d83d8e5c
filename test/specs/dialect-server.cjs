// Serves all dialects of the build at one origin, for Prism and for the vendors' SDKs.
const { createServer } = require('node:http');

/**
 * `exchanges`: newest first, for a judge to take; `history`: oldest first, kept; `news`: what would be told of each message, newest
 * first; `inbound`: what a vendor posts when somebody writes; `forged`: while set, answered in the dialects' place, for the self-test.
 */
async function startDialects(build) {
  const { dialects } = require(`${build}/sms/providers/dialects.js`);
  const { SystemClock } = require(`${build}/platform/clock/system-clock.js`);
  const { NodeRandom } = require(`${build}/platform/random/node-random.js`);
  const phone = [];
  const news = [];
  const credentials = {};
  for (const { developmentKeys } of dialects) {
    for (const [key, generate] of Object.entries(developmentKeys)) credentials[key] = generate(credentials);
  }
  const deliver = (message, told) => {
    phone.unshift(message);
    news.unshift(told);
  };
  const context = { clock: new SystemClock(), random: new NodeRandom(), credentials, deliver, hasStopped: () => false };
  const inbound = (provider, occasion) => {
    const message = { id: context.random.uuid(), from: '+12025550143', text: 'STOP 1' };
    return dialects.find((dialect) => dialect.provider === provider).inbound?.(message, occasion, context);
  };
  const routes = dialects.flatMap((dialect) => dialect.routes(context));
  const exchanges = [];
  const history = [];
  const vendors = { phone, news, inbound, credentials, exchanges, history, forged: undefined };
  const server = createServer(async (incoming, response) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks).toString('utf8');
    const answer = vendors.forged ?? answerOf(routes, incoming, rawBody);
    const { method, url: path, headers } = incoming;
    exchanges.unshift({ method, path, headers, rawBody, answer });
    history.push({ method, path, headers, rawBody, answer });
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    const type = text === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(answer.status, { ...type, ...answer.headers }).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return Object.assign(vendors, { origin: `http://127.0.0.1:${server.address().port}`, close });
}

function answerOf(routes, incoming, rawBody) {
  const path = incoming.url.split('?', 1)[0];
  const query = Object.fromEntries(new URL(incoming.url, 'http://vendor').searchParams);
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === incoming.method ? pattern.exec(path) : null;
    if (match === null) continue;
    const params = Object.fromEntries(Object.entries(match.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)]));
    return route.answer({ method: incoming.method, path, query, params, headers: incoming.headers, rawBody });
  }
  return { status: 404, body: 'no such route' };
}

module.exports = { startDialects };
