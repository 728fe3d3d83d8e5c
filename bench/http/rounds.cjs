// The method (performance.md 9): all servers are up at once; in each round every server gets a slice of every route, in random order, so
// that whatever else the machine does falls on all alike. CPU is counted per slice, the server's and its database backends'.
const { spent } = require('./database.cjs');
const { slice } = require('./load.cjs');
const { cpuOf } = require('./machine.cjs');

const ROUTES = ['verify', 'refresh', 'me', 'resend', 'login'];
/** Connections of a login: as many as are let in at once and a few that wait, so that none is refused. */
const LOGIN_CONNECTIONS = 4;

/** Fewer than of the others, as each takes a hash; what goes round the hash gets twice as cheap over them. */
const LOGIN_WARM = 600;

const connectionsOf = (route, connections) => (route === 'login' ? LOGIN_CONNECTIONS : connections);

async function cpuNow(databases, server) {
  const own = server.pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
  return { own, backends: server.url === undefined ? new Map() : await databases.cpuOf(server.url) };
}

/** Runs one slice, waits until what it set off has ended, and counts. @throws Error when an answer was not the right one */
async function measured(databases, server, route, bounds) {
  const before = await cpuNow(databases, server);
  const result = await slice(server, server.requests[route], bounds);
  if (route === 'resend' || route === 'login') await server.settled();
  const after = await cpuNow(databases, server);
  if (result.wrong.size > 0)
    throw new Error(`${server.name} ${route}: ${JSON.stringify([...result.wrong].slice(0, 3))}`);
  if (result.isOut) throw new Error(`${server.name} ${route}: ran out of people after ${result.took.length}`);
  return {
    ...result,
    served: result.took.length,
    cpu: { server: after.own - before.own, database: spent(before.backends, after.backends) },
  };
}

/** Statistics as autovacuum keeps them, and plans made with them: what is measured is not the first minute of a database's life. */
async function settle(databases, servers) {
  for (const { url } of servers) if (url !== undefined) await databases.query(url, 'VACUUM ANALYZE');
}

/** Of the warm-up. By turns, because a server that has been idle since it was warmed costs up to a third more than the one that was warmed last. */
const WARM_PARTS = 20;

/** By count, not by time: code freshly started costs up to twice as much. Within a time as well, for those that are slow. */
async function warmUp(databases, servers, sizes, progress) {
  const { warm, loginWarm = LOGIN_WARM, warmMilliseconds, connections } = sizes;
  const mostOf = (route) => Math.min(warm, { login: loginWarm, resend: 1500 }[route] ?? warm);
  for (let part = 1; part <= WARM_PARTS; part += 1) {
    progress(`warming, part ${part} of ${WARM_PARTS}`);
    for (const server of shuffled(servers)) {
      for (const route of routesOf(server)) {
        const { served } = await measured(databases, server, route, {
          milliseconds: warmMilliseconds / WARM_PARTS,
          connections: connectionsOf(route, connections),
          most: Math.ceil(mostOf(route) / WARM_PARTS),
        });
        server.warm = { ...server.warm, [route]: (server.warm?.[route] ?? 0) + served };
      }
    }
  }
  await settle(databases, servers);
}

const routesOf = ({ requests }) => ROUTES.filter((route) => requests[route] !== undefined);

function shuffled(list) {
  const all = [...list];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [all[at], all[other]] = [all[other], all[at]];
  }
  return all;
}

/** @returns {Promise<{round: number, server: string, route: string, served: number, seconds: number, took: number[], cpu: object}[]>} */
async function interleave(databases, servers, sizes, progress) {
  const slices = [];
  for (let round = 1; round <= sizes.rounds; round += 1) {
    progress(`round ${round} of ${sizes.rounds}`);
    const pairs = servers.flatMap((server) => routesOf(server).map((route) => ({ server, route })));
    for (const { server, route } of shuffled(pairs)) {
      const milliseconds = route === 'login' ? sizes.loginMilliseconds : sizes.milliseconds;
      const bounds = { milliseconds, connections: connectionsOf(route, sizes.connections) };
      slices.push({ round, server: server.name, route, ...(await measured(databases, server, route, bounds)) });
    }
  }
  return slices;
}

module.exports = { LOGIN_WARM, ROUTES, interleave, measured, settle, warmUp };
