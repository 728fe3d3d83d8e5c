// What a request costs on a large database beside a small one: both are up at once, each with an instance of its own, and get slices in
// turn (performance.md 9), so that the rest of the machine falls on both alike. The small one is there twice, as the control.
const { startLatchkey } = require('../http/contestants/latchkey.cjs');
const { figuresOf } = require('../http/figures.cjs');
const { interleave, ROUTES, warmUp } = require('../http/rounds.cjs');
const { placesOf } = require('../http/people.cjs');
const { fill } = require('./fill.cjs');
const { linearReads, readsOf } = require('./reads.cjs');

const SMALL = { users: 10_000, pending: 100 };

function placesFor({ warm, rounds }) {
  const each = warm + rounds * 500;
  return placesOf({
    verify: each,
    resend: Math.min(1500, warm) + rounds * 400,
    login: 60 + rounds * 60,
    refresh: 1000,
    me: 300,
  });
}

/** @returns figures per server and route, and what was read row by row on the large database */
async function measureScale({ databases, sizes, running, progress }) {
  const { users, pending } = sizes;
  const places = placesFor(sizes);
  const worlds = [
    { name: 'small', label: `${SMALL.users} accounts`, ...SMALL },
    { name: 'control', label: `${SMALL.users} accounts again`, ...SMALL },
    { name: 'large', label: `${users} accounts`, users, pending },
  ];
  const servers = [];
  for (const world of worlds) {
    const begin = (url) => fill(databases, url, world, (text) => progress(`${world.label}: ${text}`));
    const server = await startLatchkey({ databases, places, cost: 4, name: world.name, fill: begin });
    server.label = world.label;
    servers.push(server);
    running.push(server);
  }
  await warmUp(databases, servers, sizes, progress);
  const large = servers[servers.length - 1];
  const before = await readsOf(databases, large.url);
  const slices = await interleave(databases, servers, sizes, progress);
  const served = slices.filter(({ server }) => server === 'large').reduce((sum, slice) => sum + slice.served, 0);
  const reads = linearReads(before, await readsOf(databases, large.url), served);
  for (const server of servers) await server.stop();
  for (const server of servers) running.splice(running.indexOf(server), 1);
  const order = ({ route, server }) => ROUTES.indexOf(route) * 10 + worlds.findIndex(({ name }) => name === server);
  return { figures: figuresOf(slices, 'small').sort((a, b) => order(a) - order(b)), reads };
}

module.exports = { measureScale, placesFor, SMALL };
