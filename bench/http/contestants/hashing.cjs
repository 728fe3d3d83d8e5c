// One comparison of a password, at the cost of the others and nothing else: what P4 holds a login against.
const { join } = require('node:path');
const { start, stop } = require('../programs.cjs');

async function startHashing({ databases, cost }) {
  const program = await start(databases.folder, [join(__dirname, 'hashing-server.cjs')], { COST: String(cost) });
  return {
    name: 'hashing',
    label: 'bcrypt alone',
    origin: program.ready.api,
    pids: [program.pid],
    settled: async () => undefined,
    stop: () => stop(program),
    requests: { login: () => ({ path: '/', body: '{}', check: ({ same }) => same }) },
  };
}

module.exports = { startHashing };
