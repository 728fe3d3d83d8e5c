// What a request costs on a large database beside a small one: both are up at once, each with an instance of its own, and get slices in
// turn (performance.md 9), so that the rest of the machine falls on both alike. The small one is there twice, as the control; when the two
// differ by more than a tenth, the rounds were too few for this machine, and there are more.
const { startLatchkey } = require('../http/contestants/latchkey.cjs');
const { figuresOf } = require('../http/figures.cjs');
const { interleave, ROUTES, warmUp } = require('../http/rounds.cjs');
const { placesOf } = require('../http/people.cjs');
const { fill } = require('./fill.cjs');
const { linearReads, readsOf, usualReads } = require('./reads.cjs');

const SMALL = { users: 10_000, pending: 100, kept: 0 };

/** Whether the same beside the same says that the rest can be believed (performance.md 9). */
const isControl = (ratio) => ratio >= 0.9 && ratio <= 1.1;

/** People for the warming and for so many rounds. */
function placesFor({ warm, loginWarm, rounds }) {
  const each = warm + rounds * 500;
  return placesOf({
    verify: each,
    resend: Math.min(1500, warm) + rounds * 400,
    login: loginWarm + rounds * 250,
    refresh: 1000,
    me: 300,
  });
}

const controlsOff = (slices) =>
  figuresOf(slices, 'small').filter(({ server, cpuRatio }) => server === 'control' && !isControl(cpuRatio));

const servedOf = (slices, server) =>
  Object.fromEntries(
    ['verify', 'resend', 'login'].map((route) => [
      route,
      slices
        .filter((one) => one.server === server.name && one.route === route)
        .reduce((sum, { served }) => sum + served, 0),
    ]),
  );

/** Rounds until the control is one, but no fewer than `rounds`. A small database stays small: people come as others were served. */
async function untilSteady(databases, servers, sizes, progress) {
  const large = servers[servers.length - 1];
  const slices = [];
  const reads = [];
  for (let round = 1; round <= sizes.mostRounds; round += 1) {
    const off = controlsOff(slices).map(({ route, cpuRatio }) => ` ${route} ${cpuRatio.toFixed(2)}`);
    progress(`round ${round} of ${sizes.rounds} to ${sizes.mostRounds}${off.length > 0 ? `, control off:${off}` : ''}`);
    const before = await readsOf(databases, large.url);
    const own = await interleave(databases, servers, { ...sizes, rounds: 1 }, () => undefined);
    const served = own.filter(({ server }) => server === large.name).reduce((sum, slice) => sum + slice.served, 0);
    reads.push(linearReads(before, await readsOf(databases, large.url), served));
    slices.push(...own.map((one) => ({ ...one, round })));
    for (const server of servers) await server.refill(servedOf(own, server));
    if (round >= sizes.rounds && controlsOff(slices).length === 0) break;
  }
  return { slices, reads: usualReads(reads) };
}

/** @returns figures per server and route, and what was read row by row on the large database */
async function measureScale({ databases, sizes, running, progress }) {
  const { users, pending, kept, routes } = sizes;
  const places = placesFor({ ...sizes, rounds: 1 });
  const worlds = [
    { name: 'small', label: `${SMALL.users} accounts`, ...SMALL },
    { name: 'control', label: `${SMALL.users} accounts again`, ...SMALL },
    { name: 'large', label: `${users} accounts`, users, pending, kept },
  ];
  const servers = [];
  for (const world of worlds) {
    const begin = (url) => fill(url, world, (text) => progress(`${world.label}: ${text}`));
    const server = await startLatchkey({ databases, places, cost: 4, name: world.name, fill: begin });
    server.label = world.label;
    server.requests = Object.fromEntries(Object.entries(server.requests).filter(([route]) => routes.includes(route)));
    servers.push(server);
    running.push(server);
  }
  await warmUp(databases, servers, sizes, progress);
  const { slices, reads } = await untilSteady(databases, servers, sizes, progress);
  for (const server of servers) {
    await server.stop();
    running.splice(running.indexOf(server), 1);
    await databases.drop(server.url);
  }
  const order = ({ route, server }) => ROUTES.indexOf(route) * 10 + worlds.findIndex(({ name }) => name === server);
  const rounds = Math.max(...slices.map(({ round }) => round));
  return { figures: figuresOf(slices, 'small').sort((a, b) => order(a) - order(b)), reads, rounds };
}

module.exports = { isControl, measureScale, placesFor, SMALL };
