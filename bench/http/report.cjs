// The page of npm run bench: the verdicts, then what was measured, route by route.
const { bars, page, round, table } = require('../page.cjs');
const { ROUTES } = require('./rounds.cjs');

const COLOURS = {
  latchkey: '#0b6b6b',
  bare: '#2e90fa',
  minimal: '#667085',
  control: '#98a2b3',
  better_auth: '#b42318',
  usual: '#7a8b1f',
  tutorial: '#c4671b',
  hashing: '#8a3ffc',
};

const HOW_TO_READ = `<p>Absolute figures belong to this machine and its other load. Ratios are taken inside the run; CPU is user and system time of the server and of its own database backends. The minimal server has the least tables and statements that do; <i>our statements, bare</i> has the API's own tables, statements and tokens behind raw node:http: what the API costs beside it is its house. What a route is for the peers: Better Auth verify = phone-number/verify, refresh = get-session, me = token (a JWT), resend = send-otp, login = sign-in/phone-number (a session at once, no second factor; limits off); Nest and TypeORM as usual: the same routes, with one audit row a change, no limits, and me without a look at the session; the tutorial's server keeps everything in memory.</p>`;

function sectionOf(route, figures, labels) {
  const own = figures.filter((one) => one.route === route);
  const plot = (title, value) =>
    bars(
      title,
      own.map((one) => ({ label: labels[one.server], value: value(one), colour: COLOURS[one.server] })),
    );
  const rows = own.map((one) => ({
    server: labels[one.server],
    answers: one.served,
    'per second': one.perSecond,
    'of the minimal server [quartiles]': `${round(one.rate)} [${round(one.rateLow)}..${round(one.rateHigh)}]`,
    'p50 ms': one.p50,
    'p99 ms': one.p99,
    'CPU ms, server + database': `${round(one.cpuServer)} + ${round(one.cpuDatabase)}`,
    'CPU of the minimal server': one.cpuRatio,
    'CPU of our statements, bare': one.bareRatio,
  }));
  return `<h2>${route}</h2>${plot('CPU of 1000 requests, server and database, seconds', ({ cpu }) => cpu)}${plot('answers, per second', ({ perSecond }) => perSecond)}
${plot('time of an answer, p50, ms', ({ p50 }) => p50)}${plot('time of an answer, p99, ms', ({ p99 }) => p99)}
${table(rows)}`;
}

function memoryAndStart(memory, coldStart, labels) {
  const memories = bars(
    'most memory during the run, MiB',
    Object.entries(memory).map(([name, value]) => ({ label: labels[name], value, colour: COLOURS[name] })),
  );
  if (coldStart === undefined) return `<h2>Memory</h2>${memories}`;
  const starts = bars('cold start, database up, to the first 2xx, ms', [
    { label: 'Latchkey', value: coldStart.ours.milliseconds, colour: COLOURS.latchkey },
    { label: 'bare Nest on Fastify', value: coldStart.bare.milliseconds, colour: COLOURS.minimal },
  ]);
  return `<h2>Memory and start</h2>${memories}${starts}`;
}

function html({ facts, sizes, cost, figures, memory, judged, coldStart, labels, loadAfter, seconds }) {
  const { rounds, milliseconds, loginMilliseconds, connections, warm, warmMilliseconds } = sizes;
  const words = `${rounds} rounds; in each, every server gets ${milliseconds} ms of every route (${loginMilliseconds} ms of login) in random order, ${connections} connections (login 4), after a warm-up of ${warm} requests a route or ${warmMilliseconds / 1000} s. Every answer's content is checked. bcrypt cost ${cost} everywhere. ${seconds} s in all.`;
  const verdicts = judged.map(({ id, what, value, target, verdict, counts }) => ({
    target: id,
    what,
    measured: value,
    goal: target,
    verdict,
    '': counts ? '' : 'does not count: the control was off by more than a tenth',
  }));
  return page('Latchkey beside others', { facts, loadAfter, words }, [
    HOW_TO_READ,
    table(verdicts),
    ...ROUTES.filter((route) => figures.some((one) => one.route === route)).map((route) =>
      sectionOf(route, figures, labels),
    ),
    memoryAndStart(memory, coldStart, labels),
  ]);
}

module.exports = { html };
