// npm run bench:growth: what a request costs on a large database beside a small one (P10), what sign-ins leave behind in the tables (P11),
// what clearing out does to people meanwhile, which plans read tables from end to end, and ways of clearing out compared. Prints tables,
// writes a page, ends with 1 when a target is missed. Options: --full (5 million accounts, 10 million challenges, about an hour),
// --users <count>, --kept <challenges that are used>, --over <challenges that are over>, --rounds <count>, --routes verify,refresh,me,resend,login,
// --only scale,churn,newborn,designs,instances, --out <file>, --json <file>. The page is written after each part, so that a run that is stopped keeps what it has.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { Databases } = require('../http/database.cjs');
const machine = require('../http/machine.cjs');
const { progress, run, running, say } = require('../run.cjs');
const { measureChurn, startChurn } = require('./churn.cjs');
const { measureClearing } = require('./clearing.cjs');
const { measureDesigns } = require('./designs.cjs');
const { measureInstances } = require('./instances.cjs');
const { measureNewborn } = require('./newborn.cjs');
const { html } = require('./report.cjs');
const { ROUTES } = require('../http/rounds.cjs');
const { measureScale } = require('./scale.cjs');
const { judge, tell } = require('./verdicts.cjs');

const COMMON = {
  milliseconds: 400,
  loginMilliseconds: 400,
  loginWarm: 300,
  connections: 8,
  warmMilliseconds: 20_000,
  newborn: 100_000,
  probes: 200,
  baselineMilliseconds: 8000,
};
const SIZES = {
  reduced: {
    ...COMMON,
    users: 1_000_000,
    pending: 100_000,
    kept: 1_000_000,
    rounds: 8,
    mostRounds: 24,
    warm: 1500,
    flows: 2000,
    over: 200_000,
    counters: 200_000,
    designRows: 300_000,
    clearingMilliseconds: 300_000,
  },
  full: {
    ...COMMON,
    users: 5_000_000,
    pending: 100_000,
    kept: 10_000_000,
    rounds: 12,
    mostRounds: 48,
    warm: 3000,
    flows: 10_000,
    over: 10_000_000,
    counters: 2_000_000,
    designRows: 1_000_000,
    clearingMilliseconds: 3_600_000,
    // Ten minutes of clearing are more refreshes than LIMIT_SESSION_CHANGES gives 200 sessions.
    probes: 3000,
  },
};
const COUNTS = ['users', 'pending', 'kept', 'over', 'counters', 'rounds', 'mostRounds', 'flows', 'warm'];
const PARTS = ['newborn', 'scale', 'churn', 'designs', 'instances'];

async function churn(context) {
  const { server, people } = await startChurn(context);
  const flows = await measureChurn({ ...context, server, people });
  const clearing = await measureClearing({ ...context, server });
  await server.stop();
  running.splice(running.indexOf(server), 1);
  await context.databases.drop(server.url);
  return { flows, clearing };
}

const work = {
  newborn: measureNewborn,
  scale: measureScale,
  churn,
  designs: measureDesigns,
  instances: measureInstances,
};

function read() {
  const options = Object.fromEntries(
    [...COUNTS, 'routes', 'only', 'out', 'json'].map((name) => [name, { type: 'string' }]),
  );
  const { values } = parseArgs({ options: { ...options, full: { type: 'boolean', default: false } } });
  const sizes = { ...(values.full ? SIZES.full : SIZES.reduced) };
  for (const name of COUNTS) if (values[name] !== undefined) sizes[name] = Number(values[name]);
  sizes.routes = values.routes === undefined ? ROUTES : values.routes.split(',');
  const parts = values.only === undefined ? PARTS : values.only.split(',');
  const unknown = parts.find((name) => !PARTS.includes(name));
  if (unknown !== undefined) throw new Error(`--only knows ${PARTS.join(', ')}, and no ${unknown}`);
  return { values, sizes, parts };
}

const wholeOf = ({ facts, sizes, began, found }) => ({
  facts,
  sizes,
  ...found,
  judged: judge(found),
  loadAfter: machine.load(),
  seconds: Math.round((Date.now() - began) / 1000),
});

const outOf = (values) => values.out ?? join(__dirname, '..', 'results', 'growth.html');

function write(values, whole) {
  mkdirSync(dirname(outOf(values)), { recursive: true });
  writeFileSync(outOf(values), html(whole));
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(whole, null, 1));
}

async function main() {
  const { values, sizes, parts } = read();
  const began = Date.now();
  say('starting PostgreSQL');
  const databases = await Databases.start();
  running.push(databases);
  const facts = machine.describe(databases.facts.version);
  const found = {};
  for (const part of PARTS.filter((name) => parts.includes(name))) {
    found[part] = await work[part]({ databases, sizes, running, progress });
    write(values, wholeOf({ facts, sizes, began, found }));
  }
  const whole = wholeOf({ facts, sizes, began, found });
  say('');
  tell(whole);
  say(outOf(values));
  return whole.judged.some(({ verdict, counts }) => counts && verdict === 'missed') ? 1 : 0;
}

run(main);
