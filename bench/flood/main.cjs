// npm run bench:flood: three times as many logins as the machine can hash (P5), whether codes still go out meanwhile (P6), how soon they do
// without it (P14), and 256 connections beside 32 (P12). Prints tables and writes a page; ends with 1 when a target is missed. Absolute times belong to the machine
// and its other load; what is judged are ratios to the same machine without the flood, seconds before. Options: --seconds <of each flood>,
// --rounds <of floods and of connections>, --cost <of bcrypt>, --instances <count: behind start:cluster>, --out <file>, --json <file>.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { startLatchkey } = require('../http/contestants/latchkey.cjs');
const { Databases } = require('../http/database.cjs');
const { median, quantile } = require('../http/figures.cjs');
const { slice } = require('../http/load.cjs');
const machine = require('../http/machine.cjs');
const { placesOf } = require('../http/people.cjs');
const { run, running, say } = require('../run.cjs');
const { openLoop } = require('./flood.cjs');
const { PROBES, judge } = require('./judge.cjs');
const { COUNT: MESSAGES, onTheWire } = require('./latency.cjs');
const { html } = require('./report.cjs');

const PROBES_PER_SECOND = 20;
const OFFERED = 3;
const CAPACITY_CONNECTIONS = 4;
const SLICE_MS = 500;

const times = (answers) => {
  const took = answers.map((one) => one.took);
  return { count: took.length, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
};
const of = (answers, kind) => answers.filter((one) => one.kind === kind);

/** A steady trickle of each cheap route for so many seconds. @returns the answers of each */
async function probe(server, seconds) {
  const found = {};
  await Promise.all(
    PROBES.map(async (route) => {
      const load = { next: server.requests[route], perSecond: PROBES_PER_SECOND };
      found[route] = (await openLoop(server.origin, load, seconds)).answers;
    }),
  );
  return found;
}

/** What came of a route's probes in all turns. */
function summed(turns, route) {
  const answers = turns.flatMap((turn) => turn[route]);
  return {
    ...times(of(answers, 'ok')),
    failed: answers.filter(({ kind }) => kind !== 'ok').map(({ kind, why }) => why ?? kind),
  };
}
const perRoute = (turns) => Object.fromEntries(PROBES.map((route) => [route, summed(turns, route)]));

/** From the commit of a challenge to the vendor's answer, of messages sent since a moment, by the database's clock; null for one that was not sent. */
async function onTheWay(databases, url, since) {
  const rows = await databases.query(
    url,
    `SELECT extract(epoch FROM d.sent_at - o.created_at) * 1000 AS ms FROM otp_attempts o LEFT JOIN sms_deliveries d ON d.reference_id = o.id WHERE o.created_at >= $1`,
    [since],
  );
  return rows.map(({ ms }) => (ms === null ? null : Number(ms)));
}

/** One after the other, as close as can be: what the machine can hash, the cheap routes alone, and three times as many logins beside them. */
async function floodTurn({ databases, server, seconds }) {
  const ungated = await slice(server, server.requests.login, {
    milliseconds: (seconds * 1000 * 2) / 3,
    connections: CAPACITY_CONNECTIONS,
  });
  if (ungated.wrong.size > 0) throw new Error([...ungated.wrong.keys()][0]);
  const capacity = ungated.took.length / ungated.seconds;
  await server.settled();
  const idle = await probe(server, seconds);
  const since = (await databases.query(server.url, 'SELECT clock_timestamp() AS at'))[0].at;
  const [{ answers, endedAt }, during] = await Promise.all([
    openLoop(server.origin, { next: server.requests.login, perSecond: OFFERED * capacity }, seconds),
    probe(server, seconds),
  ]);
  await server.settled();
  // Whoever waits for a hash when the flood ends is served after it, by a machine that has nothing else to do: not counted.
  const inTime = of(answers, 'ok').filter(({ at }) => at <= endedAt).length;
  const codes = await onTheWay(databases, server.url, since);
  return { capacity, logins: answers, goodput: inTime / seconds, idle, during, codes };
}

/** Turns, since a machine that others share is not the same for a minute: of what is held against each other the median of the ratios is told. */
async function measureFlood({ databases, server, seconds, rounds }) {
  const turns = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`  a flood of logins, round ${round} of ${rounds}`);
    turns.push(await floodTurn({ databases, server, seconds }));
  }
  const logins = turns.flatMap((turn) => turn.logins);
  const codes = turns.flatMap((turn) => turn.codes);
  const sent = codes.filter((ms) => ms !== null);
  return {
    capacity: median(turns.map(({ capacity }) => capacity)),
    offered: logins.length / seconds / rounds,
    goodput: median(turns.map(({ goodput }) => goodput)),
    goodputOfCapacity: median(turns.map(({ goodput, capacity }) => goodput / capacity)),
    logins: times(of(logins, 'ok')),
    refused: times(of(logins, 'refused')),
    unanswered: of(logins, 'unanswered').length,
    wrong: of(logins, 'wrong').map(({ why }) => why),
    idle: perRoute(turns.map(({ idle }) => idle)),
    during: perRoute(turns.map(({ during }) => during)),
    codes: { codes: codes.length, sent: sent.length, p50: quantile(sent, 0.5), p99: quantile(sent, 0.99) },
  };
}

/** Rounds of few and of many connections in turn. */
async function measureConnections({ server, rounds }) {
  const rates = { verify: { 32: [], 256: [] }, refresh: { 32: [], 256: [] } };
  const wrong = new Set();
  for (let round = 1; round <= rounds; round += 1) {
    say(`  32 and 256 connections, round ${round} of ${rounds}`);
    for (const route of Object.keys(rates))
      for (const connections of round % 2 === 0 ? [32, 256] : [256, 32]) {
        const one = await slice(server, server.requests[route], { milliseconds: SLICE_MS, connections });
        rates[route][connections].push(one.took.length / one.seconds);
        for (const why of one.wrong.keys()) wrong.add(why);
        if (one.isOut) throw new Error(`ran out of people for ${route}`);
      }
  }
  const ratio = (route) => median(rates[route][256]) / median(rates[route][32]);
  return { verify: ratio('verify'), refresh: ratio('refresh'), wrong: [...wrong], rates };
}

async function main() {
  const options = Object.fromEntries(
    ['seconds', 'rounds', 'cost', 'instances', 'out', 'json'].map((name) => [name, { type: 'string' }]),
  );
  const { values } = parseArgs({ options });
  const [seconds, rounds, cost] = [Number(values.seconds ?? 6), Number(values.rounds ?? 6), Number(values.cost ?? 10)];
  const databases = await Databases.start();
  running.push(databases);
  const facts = machine.describe(databases.facts.version);
  const probes = PROBES_PER_SECOND * seconds * 2 * rounds + 50;
  const places = placesOf({
    verify: 3000 + probes + rounds * 2500,
    resend: 10 + MESSAGES,
    login: seconds * rounds * 250 + 200,
    refresh: 2000,
    me: 500,
  });
  const instances = values.instances === undefined ? undefined : Number(values.instances);
  const server = await startLatchkey({ databases, places, cost, instances });
  running.push(server);
  for (const route of PROBES)
    await slice(server, server.requests[route], { milliseconds: 15_000, connections: 16, most: 3000 });
  await server.settled();
  say('  from a commit to the vendor');
  const wire = await onTheWire(server);
  const flood = await measureFlood({ databases, server, seconds, rounds });
  const connections = await measureConnections({ server, rounds });
  const judged = judge({ flood, connections, wire });
  console.table(judged);
  const { idle, during, ...rest } = flood;
  console.table(
    PROBES.map((route) => ({
      route,
      'idle p50': idle[route].p50,
      'idle p99': idle[route].p99,
      'flood p50': during[route].p50,
      'flood p99': during[route].p99,
    })),
  );
  say(JSON.stringify(rest));
  const whole = {
    facts,
    seconds,
    rounds,
    cost,
    instances,
    flood,
    connections,
    wire,
    judged,
    loadAfter: machine.load(),
  };
  const out = values.out ?? join(__dirname, '..', 'results', 'flood.html');
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, html(whole));
  say(out);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(whole, null, 1));
  return judged.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
}

run(main);
