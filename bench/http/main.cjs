// npm run bench: our API beside the minimal server that could do the same, its own statements behind raw node:http, Better Auth, the usual Nest server and
// a tutorial's, on one durable PostgreSQL, in one interleaved run. Prints tables, writes a page, and ends with 1 when a target of performance.md is missed.
// Options: --quick (3 rounds, short warm-up), --rounds <count> (default 12), --warm <requests per route> (default 20000), --routes <verify,refresh,...>,
// --only <Latchkey,Bare,Minimal,BetterAuth,Usual,Tutorial,Hashing>, --cost <of bcrypt> (default 10, as performance.md has it; the API's own default is 12),
// --without-cold-start, --profile <folder> (a CPU profile of the API), --out <page>, --json <file>.
const { execFileSync } = require('node:child_process');
const { existsSync, mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const { dependencies } = require('./package.json');
if (!Object.keys(dependencies).every((name) => existsSync(join(__dirname, 'node_modules', name)))) {
  execFileSync(npm, ['ci', '--prefix', __dirname, '--no-audit', '--no-fund'], { cwd: __dirname, stdio: 'inherit' });
}

const { progress, run, running, say } = require('../run.cjs');
const { Databases, dist } = require('./database.cjs');
const { startBare } = require('./contestants/bare.cjs');
const { startBetterAuth } = require('./contestants/better-auth.cjs');
const { startHashing } = require('./contestants/hashing.cjs');
const { startLatchkey } = require('./contestants/latchkey.cjs');
const { startMinimal } = require('./contestants/minimal.cjs');
const { startTutorial } = require('./contestants/tutorial.cjs');
const { startUsual } = require('./contestants/usual-nest.cjs');
const { figuresOf } = require('./figures.cjs');
const machine = require('./machine.cjs');
const { coldStart } = require('./cold-start.cjs');
const { placesOf } = require('./people.cjs');
const { html } = require('./report.cjs');
const { judge } = require('./targets.cjs');
const { start, stop } = require('./programs.cjs');
const { interleave, LOGIN_WARM, ROUTES, warmUp } = require('./rounds.cjs');

const COST = '10';
const SIZES = {
  whole: {
    rounds: 12,
    milliseconds: 400,
    loginMilliseconds: 1500,
    connections: 32,
    warm: 20_000,
    warmMilliseconds: 120_000,
  },
  quick: {
    rounds: 3,
    milliseconds: 400,
    loginMilliseconds: 800,
    connections: 32,
    warm: 1500,
    warmMilliseconds: 5000,
  },
};
/** As many as the fastest server could serve, with room. A session may be refreshed 30 times, so there are enough for half of that. */
function peopleFor({ warm, rounds }) {
  const inRounds = rounds * 1600;
  return {
    verify: warm + inRounds,
    resend: Math.min(1500, warm) + inRounds,
    login: Math.min(LOGIN_WARM, warm) + 40 + rounds * 100,
    refresh: Math.ceil((warm + inRounds) / 15),
    me: 300,
  };
}

const servers = [];

async function startAll(databases, sizes, { only, profile, cost }) {
  const sink = await start(databases.folder, [join(__dirname, 'contestants', 'sink-server.cjs')], {});
  running.push({ stop: () => stop(sink) });
  const context = { databases, places: placesOf(peopleFor(sizes)), cost: Number(cost), sink, profile };
  const starts = [
    () => startLatchkey(context),
    () => startBare(context),
    () => startMinimal(context, 'minimal', 'Minimal server'),
    () => startMinimal(context, 'control', 'Minimal server again'),
    () => startBetterAuth(context),
    () => startUsual(context),
    () => startTutorial(context),
    () => startHashing(context),
  ];
  for (const begin of only === ''
    ? starts
    : starts.filter((one) => only.split(',').some((name) => one.toString().includes(name)))) {
    const server = await begin();
    servers.push(server);
    running.push(server);
    progress(`${server.label} is up`);
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  say(path);
}

function tell(figures, judged) {
  say('');
  const order = (one) => ROUTES.indexOf(one.route) * 10 + servers.findIndex(({ name }) => name === one.server);
  const two = (value) => Number(value.toFixed(2));
  console.table(
    [...figures]
      .sort((a, b) => order(a) - order(b))
      .map((one) => ({
        route: one.route,
        server: one.server,
        'per s': Math.round(one.perSecond),
        'of minimal': two(one.rate),
        p50: two(one.p50),
        p99: two(one.p99),
        'server ms': two(one.cpuServer),
        'database ms': two(one.cpuDatabase),
        'CPU of minimal': two(one.cpuRatio),
        'CPU of bare': two(one.bareRatio),
      })),
  );
  console.table(
    judged.map(({ id, what, value, target, verdict, counts }) => ({
      target: id,
      what,
      measured: two(value),
      goal: target,
      verdict: counts ? verdict : `${verdict}, does not count`,
    })),
  );
}

async function main() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string' },
      warm: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
      json: { type: 'string' },
      'without-cold-start': { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      routes: { type: 'string', default: '' },
      profile: { type: 'string' },
      cost: { type: 'string', default: COST },
    },
  });
  const sizes = { ...(values.quick ? SIZES.quick : SIZES.whole) };
  if (values.rounds !== undefined) sizes.rounds = Number(values.rounds);
  if (values.warm !== undefined) sizes.warm = Number(values.warm);
  const began = Date.now();
  say('starting PostgreSQL and the servers');
  const databases = await Databases.start();
  running.push(databases);
  const facts = machine.describe(databases.facts.version);
  await startAll(databases, sizes, values);
  const wanted = values.routes === '' ? undefined : values.routes.split(',');
  for (const server of servers)
    server.requests = Object.fromEntries(
      Object.entries(server.requests).filter(([route]) => wanted?.includes(route) ?? true),
    );
  await warmUp(databases, servers, sizes, progress);
  const slices = await interleave(databases, servers, sizes, progress);
  const figures = figuresOf(slices);
  const memory = Object.fromEntries(servers.map(({ name, pids }) => [name, machine.peakMiBOf(pids[0])]));
  const own = servers.find(({ name }) => name === 'latchkey');
  const started =
    values['without-cold-start'] || own === undefined
      ? undefined
      : await coldStart(databases.folder, join(dist, 'main.js'), own.env, progress);
  const judged = judge(figures, started);
  const labels = Object.fromEntries(servers.map(({ name, label }) => [name, label]));
  const seconds = Math.round((Date.now() - began) / 1000);
  tell(figures, judged);
  write(
    values.out ?? join(__dirname, '..', 'results', 'http.html'),
    html({
      facts,
      sizes,
      cost: values.cost,
      figures,
      memory,
      judged,
      coldStart: started,
      labels,
      loadAfter: machine.load(),
      seconds,
    }),
  );
  if (values.json !== undefined)
    write(
      values.json,
      JSON.stringify(
        { facts, sizes, cost: values.cost, figures, memory, judged, coldStart: started, seconds },
        null,
        1,
      ),
    );
  return judged.some(({ verdict, counts }) => counts && verdict === 'missed') ? 1 : 0;
}

run(main);
