// npm run bench:flood: three times as many logins as the machine can hash (P5), whether codes still go out meanwhile (P6), how soon they do
// without it (P14), and 256 connections beside 32 (P12). Prints tables and writes a page; ends with 1 when a target is missed. Absolute times belong to the machine
// and its other load; what is judged are ratios to the same machine without the flood, minutes before. Options: --seconds <of the flood>,
// --rounds <of the connections>, --cost <of bcrypt>, --instances <count: behind start:cluster>, --out <file>, --json <file>.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { startLatchkey } = require('../http/contestants/latchkey.cjs');
const { Databases } = require('../http/database.cjs');
const { median, quantile } = require('../http/figures.cjs');
const { slice } = require('../http/load.cjs');
const machine = require('../http/machine.cjs');
const { placesOf } = require('../http/people.cjs');
const { openLoop } = require('./flood.cjs');
const { COUNT: MESSAGES, onTheWire } = require('./latency.cjs');
const { html } = require('./report.cjs');

const PROBES = ['verify', 'refresh', 'me'];
const PROBES_PER_SECOND = 20;
const OFFERED = 3;
const CAPACITY_CONNECTIONS = 4;
const SLICE_MS = 500;

const running = [];
const say = (text) => process.stderr.write(`${text}\n`);

const times = (answers) => {
  const took = answers.map((one) => one.took);
  return { count: took.length, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
};
const of = (answers, kind) => answers.filter((one) => one.kind === kind);

/** A steady trickle of each cheap route for so many seconds. */
async function probe(server, seconds) {
  const found = {};
  await Promise.all(
    PROBES.map(async (route) => {
      const answers = await openLoop(
        server.origin,
        { next: server.requests[route], perSecond: PROBES_PER_SECOND },
        seconds,
      );
      found[route] = {
        ...times(of(answers, 'ok')),
        failed: answers.filter(({ kind }) => kind !== 'ok').map(({ kind, why }) => why ?? kind),
      };
    }),
  );
  return found;
}

/** From the commit of a challenge to the vendor's answer, of messages sent since a moment, by the database's clock. */
async function onTheWay(databases, url, since) {
  const rows = await databases.query(
    url,
    `SELECT extract(epoch FROM d.sent_at - o.created_at) * 1000 AS ms FROM otp_attempts o LEFT JOIN sms_deliveries d ON d.reference_id = o.id WHERE o.created_at >= $1`,
    [since],
  );
  const took = rows.filter(({ ms }) => ms !== null).map(({ ms }) => Number(ms));
  return { codes: rows.length, sent: took.length, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}

async function measureFlood({ databases, server, seconds }) {
  say('  what the machine can hash');
  const ungated = await slice(server, server.requests.login, {
    milliseconds: seconds * 500,
    connections: CAPACITY_CONNECTIONS,
  });
  if (ungated.wrong.size > 0) throw new Error([...ungated.wrong.keys()][0]);
  const capacity = ungated.took.length / ungated.seconds;
  await server.settled();
  say('  the cheap routes alone');
  const idle = await probe(server, seconds);
  say(`  ${(OFFERED * capacity).toFixed(0)} logins a second`);
  const since = (await databases.query(server.url, 'SELECT clock_timestamp() AS at'))[0].at;
  const [logins, during] = await Promise.all([
    openLoop(server.origin, { next: server.requests.login, perSecond: OFFERED * capacity }, seconds),
    probe(server, seconds),
  ]);
  await server.settled();
  return {
    capacity,
    offered: logins.length / seconds,
    goodput: of(logins, 'ok').length / seconds,
    logins: times(of(logins, 'ok')),
    refused: times(of(logins, 'refused')),
    unanswered: of(logins, 'unanswered').length,
    wrong: of(logins, 'wrong').map(({ why }) => why),
    idle,
    during,
    codes: await onTheWay(databases, server.url, since),
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

const line = (id, what, value, target, isMet) => ({ id, what, value, target, verdict: isMet ? 'met' : 'missed' });

function judge({ flood, connections, wire }) {
  const { capacity, goodput, refused, unanswered, wrong, idle, during, codes } = flood;
  const failed = PROBES.flatMap((route) => during[route].failed);
  const judged = [
    line('P5', 'logins without an answer', unanswered + wrong.length, '= 0', unanswered + wrong.length === 0),
    line('P5', 'cheap requests without an answer', failed.length, '= 0', failed.length === 0),
    line('P5', 'logins a second, of those without a flood', goodput / capacity, '>= 0.9', goodput / capacity >= 0.9),
    line('P5', 'a refusal, p99 ms', refused.p99, '<= 150', refused.p99 <= 150),
  ];
  for (const route of PROBES) {
    const [p50, p99] = [during[route].p50 / idle[route].p50, during[route].p99 / idle[route].p99];
    judged.push(line('P5', `${route}: p50 of idle`, p50, '<= 2', p50 <= 2));
    judged.push(
      line('P5', `${route}: p99 of idle (or within 100 ms)`, p99, '<= 4', p99 <= 4 || during[route].p99 <= 100),
    );
  }
  judged.push(
    line('P6', 'codes that were committed and not sent', codes.codes - codes.sent, '= 0', codes.codes === codes.sent),
  );
  judged.push(line('P6', 'from commit to the vendor, p99 ms', codes.p99, '<= 1000', codes.p99 <= 1000));
  judged.push(line('P14', 'from commit to the vendor, nothing else to do, p50 ms', wire.p50, '<= 10', wire.p50 <= 10));
  judged.push(line('P14', 'the same, p99 ms', wire.p99, '<= 50', wire.p99 <= 50));
  judged.push(
    line('P12', 'errors at 32 and 256 connections', connections.wrong.length, '= 0', connections.wrong.length === 0),
  );
  for (const route of ['verify', 'refresh'])
    judged.push(
      line(
        'P12',
        `${route}: rate at 256 connections, of that at 32`,
        connections[route],
        '>= 0.85',
        connections[route] >= 0.85,
      ),
    );
  return judged;
}

async function main() {
  const options = Object.fromEntries(
    ['seconds', 'rounds', 'cost', 'instances', 'out', 'json'].map((name) => [name, { type: 'string' }]),
  );
  const { values } = parseArgs({ options });
  const [seconds, rounds, cost] = [Number(values.seconds ?? 12), Number(values.rounds ?? 6), Number(values.cost ?? 10)];
  const databases = await Databases.start();
  running.push(databases);
  try {
    const facts = machine.describe(databases.facts.version);
    const probes = PROBES_PER_SECOND * seconds * 2 + 50;
    const places = placesOf({
      verify: 3000 + probes + rounds * 2500,
      resend: 10 + MESSAGES,
      login: seconds * 250 + 200,
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
    const flood = await measureFlood({ databases, server, seconds });
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
  } finally {
    await stopAll();
  }
}

async function stopAll() {
  while (running.length > 0) await running.pop().stop();
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stopAll().finally(() => process.exit(130)));

main().then(
  (code) => process.exit(code),
  (error) => {
    say(`\n${error.stack ?? error}`);
    process.exit(2);
  },
);
