// One page that needs nothing else: what was measured on which machine, a table, plots drawn as SVG, and the verdicts.
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
const WIDTH = 720;
const BAR = 18;
const LABEL = 170;
const escape = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const round = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

/** @param {{name: string, label: string, value: number}[]} rows */
function bars(title, unit, rows) {
  const most = Math.max(...rows.map(({ value }) => value));
  const height = rows.length * (BAR + 6) + 24;
  const lines = rows.map(({ name, label, value }, n) => {
    const y = 20 + n * (BAR + 6);
    const width = Math.max(1, (value / most) * (WIDTH - LABEL - 90));
    return `<text x="${LABEL - 8}" y="${y + 13}" text-anchor="end">${escape(label)}</text><rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOURS[name]}"/><text x="${LABEL + width + 6}" y="${y + 13}">${round(value)}</text>`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}"><text x="0" y="12" class="title">${escape(title)}, ${escape(unit)}</text>${lines.join('')}</svg>`;
}

function sectionOf(route, figures, labels) {
  const own = figures.filter((one) => one.route === route);
  const plot = (title, unit, value) =>
    bars(
      title,
      unit,
      own.map((one) => ({ name: one.server, label: labels[one.server], value: value(one) })),
    );
  const rows = own.map(
    (one) =>
      `<tr><td>${escape(labels[one.server])}</td><td>${one.served}</td><td>${round(one.perSecond)}</td><td>${round(one.rate)} [${round(one.rateLow)}..${round(one.rateHigh)}]</td><td>${round(one.p50)}</td><td>${round(one.p99)}</td><td>${round(one.cpuServer)} + ${round(one.cpuDatabase)}</td><td>${round(one.cpuRatio)}</td><td>${Number.isFinite(one.bareRatio) ? round(one.bareRatio) : ''}</td></tr>`,
  );
  return `<h2>${route}</h2>${plot('CPU of 1000 requests, server and database', 'seconds', ({ cpu }) => cpu)}${plot('answers', 'per second', ({ perSecond }) => perSecond)}
${plot('time of an answer, p50', 'ms', ({ p50 }) => p50)}${plot('time of an answer, p99', 'ms', ({ p99 }) => p99)}
<table><thead><tr><th>server</th><th>answers</th><th>per second</th><th>of the minimal server [quartiles]</th><th>p50 ms</th><th>p99 ms</th><th>CPU ms, server + database</th><th>of the minimal server</th><th>of our statements, bare</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function html({ facts, sizes, cost, figures, memory, judged, coldStart, labels, loadAfter, seconds }) {
  const verdicts = judged.map(
    ({ id, what, value, target, verdict, counts }) =>
      `<tr class="${verdict}"><td>${id}</td><td>${escape(what)}</td><td>${round(value)}</td><td>${escape(target)}</td><td>${verdict}${counts ? '' : ' (control off by more than a tenth: does not count)'}</td></tr>`,
  );
  const memories = bars(
    'most memory during the run',
    'MiB',
    Object.entries(memory).map(([name, value]) => ({ name, label: labels[name], value })),
  );
  const start =
    coldStart === undefined
      ? ''
      : bars('cold start, database up, to the first 2xx', 'ms', [
          { name: 'latchkey', label: 'Latchkey', value: coldStart.ours.milliseconds },
          { name: 'minimal', label: 'bare Nest on Fastify', value: coldStart.bare.milliseconds },
        ]);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Latchkey beside others</title>
<style>
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%;font-size:13px}
th,td{padding:.25rem .5rem;text-align:right;border-bottom:1px solid #8884}th:first-child,td:first-child{text-align:left}
svg{width:100%;height:auto;margin:.4rem 0}svg text{font-size:12px;fill:currentColor}svg .title{font-weight:600}tr.missed td{color:#b42318}
</style></head><body><h1>Latchkey beside others</h1>
<p>${escape(facts.cores)} cores (${escape(facts.model)}), ${escape(facts.memoryGiB)} GiB, ${escape(facts.system)}, Node ${escape(facts.node)}, PostgreSQL ${escape(facts.postgres)} with fsync and synchronous_commit on; load average ${escape(facts.loadBefore.join(' '))} before, ${escape(loadAfter.join(' '))} after.
${sizes.rounds} rounds; in each, every server gets ${sizes.milliseconds} ms of every route (${sizes.loginMilliseconds} ms of login) in random order, ${sizes.connections} connections (login 4), after a warm-up of ${sizes.warm} requests a route or ${sizes.warmMilliseconds / 1000} s. Every answer's content is checked. bcrypt cost ${escape(cost)} everywhere. ${seconds} s in all.</p>
<p>Absolute figures belong to this machine and its other load. Ratios are taken inside the run; CPU is user and system time of the server and of its own database backends. The minimal server has the least tables and statements that do; <i>our statements, bare</i> has the API's own tables, statements and tokens behind raw node:http: what the API costs beside it is its house. What a route is for the peers: Better Auth verify = phone-number/verify, refresh = get-session, me = token (a JWT), resend = send-otp, login = sign-in/phone-number (a session at once, no second factor; limits off); Nest and TypeORM as usual: the same routes, with one audit row a change, no limits, and me without a look at the session; the tutorial's server keeps everything in memory.</p>
<table><thead><tr><th>target</th><th>what</th><th>measured</th><th>goal</th><th>verdict</th></tr></thead><tbody>${verdicts.join('')}</tbody></table>
${ROUTES.filter((route) => figures.some((one) => one.route === route))
  .map((route) => sectionOf(route, figures, labels))
  .join('\n')}
<h2>Memory and start</h2>${memories}${start}
</body></html>
`;
}

module.exports = { html };
