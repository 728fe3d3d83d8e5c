// npm run check:speed: a short bench that fails on a ratio, never on a time: what a verify, a refresh and a read of oneself cost in CPU, server
// and database, beside the minimal server and beside its own statements behind raw node:http in the same run: a statement that got dearer
// shows in the one, a house that did in the other. A slow or busy machine makes it longer, not another result: requests are counted,
// and they take turns. A minute on two quiet cores.
const { join } = require('node:path');
const { startBare } = require('./contestants/bare.cjs');
const { startLatchkey } = require('./contestants/latchkey.cjs');
const { startMinimal } = require('./contestants/peers.cjs');
const { Databases } = require('./database.cjs');
const { placesOf } = require('./people.cjs');
const { start, stop } = require('./programs.cjs');
const { measured, settle } = require('./rounds.cjs');

/** Of the other server's CPU: what was measured on main, and a third on top, two thirds beside the bare one. A change that costs more has to say why, here. */
const MOST = {
  verify: { minimal: 2.8, bare: 2.2 },
  refresh: { minimal: 2.3, bare: 2.2 },
  me: { minimal: 1.8, bare: 1.8 },
};
const WARM = 1200;
const TURNS = 4;
const PER_TURN = 200;
/** The middle of so many measurements counts: ratios of one build were 2.2 to 2.8 within an hour of a shared machine. */
const TIMES = 3;
const BOUNDS = { milliseconds: 120_000, connections: 16 };

async function cpuOfRequests(databases, servers, route) {
  const cpu = new Map(servers.map(({ name }) => [name, 0]));
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const server of servers) {
      const { cpu: spent, served } = await measured(databases, server, route, { ...BOUNDS, most: PER_TURN });
      cpu.set(server.name, cpu.get(server.name) + ((spent.server + spent.database) * 1000) / served / TURNS);
    }
  }
  return Object.fromEntries(cpu);
}

/** @returns whether it is beyond what it may cost beside any of them */
async function isTooMuch(databases, servers, route) {
  for (const server of servers) await measured(databases, server, route, { ...BOUNDS, most: WARM });
  await settle(databases, servers);
  const measurements = [];
  for (let time = 0; time < TIMES; time += 1) measurements.push(await cpuOfRequests(databases, servers, route));
  const [verdicts, list] = [[], (values) => values.map((value) => value.toFixed(2)).join(', ')];
  process.stdout.write(`${route}: ${list(measurements.map(({ latchkey }) => latchkey))} ms of CPU\n`);
  for (const [other, most] of Object.entries(MOST[route])) {
    const ratios = measurements.map((cpu) => cpu.latchkey / cpu[other]).sort((a, b) => a - b);
    const ratio = ratios[(TIMES - 1) / 2];
    verdicts.push(ratio > most);
    process.stdout.write(
      `${route} beside ${other}: ${ratio.toFixed(2)} of ${list(ratios)} (at most ${most})${ratio > most ? ' TOO MUCH' : ''}\n`,
    );
  }
  return verdicts.includes(true);
}

async function main() {
  const databases = await Databases.start();
  const servers = [];
  let sink;
  try {
    sink = await start(databases.folder, [join(__dirname, 'contestants', 'sink-server.cjs')], {});
    const people = {
      verify: WARM + TIMES * TURNS * PER_TURN + 100,
      resend: 1,
      login: 1,
      refresh: 400,
      me: 100,
    };
    const context = { databases, places: placesOf(people), cost: 4, sink };
    servers.push(await startLatchkey(context), await startBare(context));
    servers.push(await startMinimal(context, 'minimal', 'Minimal server'));
    let isSlow = false;
    for (const route of Object.keys(MOST)) isSlow = (await isTooMuch(databases, servers, route)) || isSlow;
    return isSlow ? 1 : 0;
  } finally {
    for (const server of servers) await server.stop();
    if (sink !== undefined) await stop(sink);
    await databases.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exit(2);
  },
);
