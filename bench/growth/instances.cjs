// Whether a second instance costs anything: one instance and a cluster of two, each on a database of its own, get slices in turn. What a
// request costs should be the same; then more cores serve more in proportion. On a machine that PostgreSQL and the load share the rate of
// two says little, the CPU of a request does.
const { startLatchkey } = require('../http/contestants/latchkey.cjs');
const { figuresOf } = require('../http/figures.cjs');
const { interleave, ROUTES, warmUp } = require('../http/rounds.cjs');
const { placesFor } = require('./scale.cjs');

const COST = 10;

async function measureInstances({ databases, sizes, running, progress }) {
  const places = placesFor({ ...sizes, warm: sizes.warm * 2 });
  const servers = [];
  for (const [name, instances] of [
    ['one', undefined],
    ['control', undefined],
    ['two', 2],
  ]) {
    const server = await startLatchkey({ databases, places, cost: COST, name: `instances_${name}`, instances });
    server.name = name;
    server.label = name;
    servers.push(server);
    running.push(server);
  }
  const bounds = { ...sizes, loginMilliseconds: 1500 };
  await warmUp(databases, servers, bounds, progress);
  const slices = await interleave(databases, servers, bounds, progress);
  for (const server of servers) {
    await server.stop();
    running.splice(running.indexOf(server), 1);
    await databases.drop(server.url);
  }
  const order = ({ route, server }) => ROUTES.indexOf(route) * 10 + servers.findIndex(({ name }) => name === server);
  return figuresOf(slices, 'one').sort((a, b) => order(a) - order(b));
}

module.exports = { measureInstances };
