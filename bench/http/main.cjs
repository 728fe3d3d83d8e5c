// npm run bench: our API beside the minimal server that could do the same, Better Auth and a tutorial's server, on one durable
// PostgreSQL, in one interleaved run. Prints a table, writes a page, and ends with 1 when a target of performance.md is missed.
// Options: --rounds <count> (default 12), --quick (3 rounds, short warm-up), --out <file>, --json <file>, --without-cold-start.
const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const { dependencies } = require('./package.json');
if (!Object.keys(dependencies).every((name) => existsSync(join(__dirname, 'node_modules', name)))) {
  execFileSync(npm, ['ci', '--prefix', __dirname, '--no-audit', '--no-fund'], { cwd: __dirname, stdio: 'inherit' });
}

const { Databases } = require('./database.cjs');
const { startLatchkey } = require('./contestants/latchkey.cjs');
const { startBetterAuth, startMinimal, startTutorial } = require('./contestants/peers.cjs');
const { figuresOf } = require('./figures.cjs');
const machine = require('./machine.cjs');
const { placesOf } = require('./people.cjs');
const { start, stop } = require('./programs.cjs');
const { interleave, warmUp } = require('./rounds.cjs');

const COST = 10;
const SIZES = {
  whole: {
    rounds: 12,
    milliseconds: 400,
    loginMilliseconds: 1500,
    connections: 32,
    warm: 6000,
    warmMilliseconds: 20_000,
    people: { verify: 26_000, resend: 12_000, login: 1500, refresh: 1500, me: 300 },
  },
  quick: {
    rounds: 3,
    milliseconds: 400,
    loginMilliseconds: 800,
    connections: 32,
    warm: 1500,
    warmMilliseconds: 5000,
    people: { verify: 9000, resend: 5000, login: 400, refresh: 600, me: 200 },
  },
};
const servers = [];
const say = (text) => process.stderr.write(`${text}\n`);
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K  ${text}`);
  else say(`  ${text}`);
}

async function startAll(databases, sizes, { only, profile }) {
  const sink = await start(databases.folder, [join(__dirname, 'contestants', 'sink-server.cjs')], {});
  const context = { databases, places: placesOf(sizes.people), cost: COST, sink, profile };
  const starts = [
    () => startLatchkey(context),
    () => startMinimal(context, 'minimal', 'Minimal server'),
    () => startMinimal(context, 'control', 'Minimal server again'),
    () => startBetterAuth(context),
    () => startTutorial(context),
  ];
  for (const begin of only === ''
    ? starts
    : starts.filter((one) => only.split(',').some((name) => one.toString().includes(name)))) {
    const server = await begin();
    servers.push(server);
    progress(`${server.label} is up`);
  }
  if (only !== '') return sink;
  const hashing = await start(databases.folder, [join(__dirname, 'contestants', 'hashing-server.cjs')], {
    COST: String(COST),
  });
  servers.push({
    name: 'hashing',
    label: 'bcrypt alone',
    origin: hashing.ready.api,
    pids: [hashing.pid],
    settled: async () => undefined,
    stop: () => stop(hashing),
    requests: { login: () => ({ path: '/', body: '{}', check: ({ same }) => same }) },
  });
  return sink;
}

async function main() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
      json: { type: 'string' },
      'without-cold-start': { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      routes: { type: 'string', default: '' },
      profile: { type: 'string' },
    },
  });
  const sizes = { ...(values.quick ? SIZES.quick : SIZES.whole) };
  if (values.rounds !== undefined) sizes.rounds = Number(values.rounds);
  const began = Date.now();
  say('starting PostgreSQL and the servers');
  const databases = await Databases.start();
  let sink;
  try {
    const facts = machine.describe(databases.facts.version);
    sink = await startAll(databases, sizes, values);
    const wanted = values.routes === '' ? undefined : values.routes.split(',');
    for (const server of servers)
      server.requests = Object.fromEntries(
        Object.entries(server.requests).filter(([route]) => wanted?.includes(route) ?? true),
      );
    await warmUp(databases, servers, sizes, progress);
    const slices = await interleave(databases, servers, sizes, progress);
    const figures = figuresOf(slices);
    const memory = Object.fromEntries(servers.map(({ name, pids }) => [name, machine.peakMiBOf(pids[0])]));
    say('');
    console.table(
      figures.map(({ server, route, ...f }) => ({
        server,
        route,
        'req/s': Math.round(f.perSecond),
        rate: f.rate.toFixed(2),
        p50: f.p50.toFixed(1),
        p99: f.p99.toFixed(1),
        'cpu ms': f.cpuServer.toFixed(3),
        'db ms': f.cpuDatabase.toFixed(3),
        cpu: f.cpuRatio.toFixed(2),
      })),
    );
    const result = { facts, sizes, figures, memory, seconds: Math.round((Date.now() - began) / 1000) };
    if (values.json !== undefined) {
      mkdirSync(dirname(values.json), { recursive: true });
      writeFileSync(values.json, JSON.stringify(result, null, 1));
    }
    return 0;
  } finally {
    for (const server of servers) await server.stop();
    if (sink !== undefined) await stop(sink);
    await databases.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    say(`\n${error.stack ?? error}`);
    process.exit(2);
  },
);
