// npm run check:speed: a short bench that fails on a ratio, never on a time: what a verify, a refresh and a read of oneself cost in CPU, server
// and database, beside the minimal server and beside its own statements behind raw node:http in the same run: a statement that got dearer
// shows in the one, a house that did in the other. A slow or busy machine makes it longer, not another result: requests are counted,
// and they take turns. Two minutes on two quiet cores.
const { join } = require('node:path');
const { startBare } = require('./contestants/bare.cjs');
const { startLatchkey } = require('./contestants/latchkey.cjs');
const { startMinimal } = require('./contestants/minimal.cjs');
const { Databases } = require('./database.cjs');
const { median, quantile } = require('./figures.cjs');
const { placesOf } = require('./people.cjs');
const { start, stop } = require('./programs.cjs');
const { measured, settle } = require('./rounds.cjs');
const { run, running } = require('../run.cjs');

/** Of the other server's CPU: what was measured on main, and a third on top. A change that costs more has to say why, here. */
const MOST = {
  verify: { minimal: 2.8, bare: 1.9 },
  refresh: { minimal: 2.3, bare: 1.8 },
  me: { minimal: 1.8, bare: 1.5 },
};
/** By turns, because a server that waits while others are warmed gets dearer. */
const WARM = { parts: 6, most: 500 };
/** The middle of so many counts: a moment in which the machine is somebody else's is in one turn, or in two. */
const TURNS = 21;
const PER_TURN = 200;
const BOUNDS = { milliseconds: 120_000, connections: 16 };

/** @returns CPU of a request in milliseconds, by server, of servers that took their turn right after one another */
async function turnOf(databases, servers, route) {
  const cpu = {};
  for (const server of servers) {
    const { cpu: spent, served } = await measured(databases, server, route, { ...BOUNDS, most: PER_TURN });
    cpu[server.name] = ((spent.server + spent.database) * 1000) / served;
  }
  return cpu;
}

/** @returns whether it is beyond what it may cost beside any of them */
async function isTooMuch(databases, servers, route) {
  for (let part = 1; part <= WARM.parts; part += 1) {
    for (const server of servers) await measured(databases, server, route, { ...BOUNDS, most: WARM.most });
  }
  await settle(databases, servers);
  const turns = [];
  while (turns.length < TURNS) turns.push(await turnOf(databases, servers, route));
  const verdicts = Object.entries(MOST[route]).map(([other, most]) => {
    const ratios = turns.map((cpu) => cpu.latchkey / cpu[other]);
    const ratio = median(ratios);
    process.stdout.write(
      `${route} beside ${other}: ${ratio.toFixed(2)} [${quantile(ratios, 0.25).toFixed(2)}..${quantile(ratios, 0.75).toFixed(2)}] (at most ${most})${ratio > most ? ' TOO MUCH' : ''}\n`,
    );
    return ratio > most;
  });
  return verdicts.includes(true);
}

async function main() {
  const databases = await Databases.start();
  running.push(databases);
  const sink = await start(databases.folder, [join(__dirname, 'contestants', 'sink-server.cjs')], {});
  running.push({ stop: () => stop(sink) });
  const people = {
    verify: WARM.parts * WARM.most + TURNS * PER_TURN + 100,
    resend: 1,
    login: 1,
    refresh: 400,
    me: 100,
  };
  const context = { databases, places: placesOf(people), cost: 4, sink };
  const servers = [];
  for (const begin of [startLatchkey, startBare, () => startMinimal(context, 'minimal', 'Minimal server')]) {
    const server = await begin(context);
    servers.push(server);
    running.push(server);
  }
  let isSlow = false;
  for (const route of Object.keys(MOST)) isSlow = (await isTooMuch(databases, servers, route)) || isSlow;
  return isSlow ? 1 : 0;
}

run(main);
