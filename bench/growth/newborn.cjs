// The first minutes of an installation: no table has been analysed, the plans that the instance keeps were made when all were empty, and
// the rows come faster than autovacuum. Nothing that people ask for may read a table from end to end because of that.
const { startLatchkey } = require('../http/contestants/latchkey.cjs');
const { measured } = require('../http/rounds.cjs');
const { fillAsTraffic } = require('./fill.cjs');
const { linearReads, readsOf } = require('./reads.cjs');
const { placesOf } = require('../http/people.cjs');

const ROUTES = ['verify', 'refresh', 'me', 'resend', 'login'];
const REQUESTS = 200;

/** @returns {Promise<{route: string, table: string, rowsPerRequest: number}[]>} what was read row by row */
async function measureNewborn({ databases, sizes, running, progress }) {
  const places = placesOf({ verify: 600, resend: 600, login: 600, refresh: 100, me: 100 });
  const off = (url) =>
    databases.query(
      url,
      `DO $$ DECLARE t text; BEGIN FOR t IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker') LOOP
         EXECUTE 'ALTER TABLE ' || t || ' SET (autovacuum_enabled = false)'; END LOOP; END $$`,
    );
  const server = await startLatchkey({ databases, places, cost: 4, name: 'newborn', fill: off, analyze: false });
  running.push(server);
  const ask = (route) =>
    measured(databases, server, route, {
      milliseconds: 20_000,
      connections: route === 'login' ? 2 : 4,
      most: REQUESTS,
    });
  for (const route of ROUTES) await ask(route);
  await fillAsTraffic(server.url, { users: sizes.newborn, pending: sizes.newborn }, progress);
  const found = [];
  for (const route of ROUTES) {
    progress(`newborn: ${route}`);
    const before = await readsOf(databases, server.url);
    const { served } = await ask(route);
    const reads = linearReads(before, await readsOf(databases, server.url), served);
    found.push(...reads.map((read) => ({ route, ...read })));
  }
  await server.stop();
  running.splice(running.indexOf(server), 1);
  await databases.drop(server.url);
  return found;
}

module.exports = { measureNewborn };
