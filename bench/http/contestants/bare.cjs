// The API's own statements behind raw node:http (bare-server.cjs), on a database that the API itself has made and filled: beside it, what
// the API costs is its house alone; what this one costs beyond the minimal server is what the API promises.
const { join } = require('node:path');
const { dist } = require('../database.cjs');
const { start, stop } = require('../programs.cjs');
const { startLatchkey } = require('./latchkey.cjs');
const { giveAccessTokens } = require('./v1-client.cjs');

const ROUTES = ['verify', 'refresh', 'me'];

async function startBare({ databases, places, cost }) {
  const api = await startLatchkey({ databases, places, cost, name: 'bare' });
  await api.stop();
  const { SECRET_KEYS, LIMIT_FACTOR_ACCOUNT, LIMIT_REFRESH_FAMILY } = api.env;
  const program = await start(databases.folder, [join(__dirname, 'bare-server.cjs')], {
    DATABASE_URL: api.url,
    DIST: dist,
    SECRET_KEYS,
    LIMIT_FACTOR_ACCOUNT,
    LIMIT_REFRESH_FAMILY,
  });
  const origin = program.ready.api;
  await giveAccessTokens(origin, api.data.me);
  return {
    name: 'bare',
    label: 'Our statements, bare',
    origin,
    url: api.url,
    pids: [program.pid],
    requests: Object.fromEntries(ROUTES.map((route) => [route, api.requests[route]])),
    refill: api.refill,
    settled: async () => undefined,
    stop: () => stop(program),
  };
}

module.exports = { startBare };
