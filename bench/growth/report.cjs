// The page of bench:growth: what was measured, part by part.
const { bars, page, round, table } = require('../page.cjs');

const COLOURS = { small: '#98a2b3', control: '#c7cdd6', large: '#0b6b6b' };

function scalePart({ figures, reads, rounds }) {
  const plots = [...new Set(figures.map(({ route }) => route))].map((route) =>
    bars(
      `${route}: CPU of a request, server and database, ms`,
      figures
        .filter((one) => one.route === route)
        .map(({ server, cpu }) => ({ label: server, value: cpu, colour: COLOURS[server] })),
    ),
  );
  const rows = figures.map(({ route, server, served, cpu, cpuRatio, rate, p50, p99 }) => ({
    route,
    server,
    served,
    'CPU ms': cpu,
    'CPU of small': cpuRatio,
    'rate of small': rate,
    p50,
    p99,
  }));
  return `<h2>A large database beside a small one, ${rounds} rounds</h2>${plots.join('')}${table(rows)}<h3>Rows read one by one for a request, large</h3>${table(reads)}`;
}

function churnPart({ flows: { tables, sizes, wal, code, ...flows }, clearing }) {
  const times = ['before', 'during'].flatMap((when) =>
    Object.entries(clearing[when]).map(([route, one]) => ({ when, route, ...one })),
  );
  return `<h2>Sign-ins with two wrong codes, receipts and a refresh each</h2>${table([flows])}<h3>Write-ahead log by table, bytes; images of pages touched for the first time since a checkpoint apart</h3>${table(wal)}${table([code])}<h3>Updates</h3>${table(tables)}${table([sizes])}
<h2>Clearing out meanwhile, ${round(clearing.seconds)} s</h2>${bars(
    'p99 of an answer, ms',
    times.map(({ when, route, p99 }) => ({
      label: `${route}, ${when}`,
      value: p99,
      colour: when === 'before' ? '#98a2b3' : '#0b6b6b',
    })),
  )}${table(clearing.steps)}${table(times)}`;
}

function designsPart(designs) {
  const plot = (title, value) =>
    bars(
      title,
      designs.map((one) => ({ label: one.way, value: value(one), colour: '#0b6b6b' })),
    );
  return `<h2>Ways of clearing out</h2>${plot('the longest step, ms', ({ most }) => most)}${plot('look-up of a challenge by its token, ms', ({ lookupMs }) => lookupMs)}${table(designs)}`;
}

function instancesPart(figures) {
  const rows = figures.map(({ route, server, perSecond, cpuServer, cpuDatabase, cpuRatio, rate }) => ({
    route,
    server,
    'per second': perSecond,
    'server ms': cpuServer,
    'database ms': cpuDatabase,
    'CPU of one': cpuRatio,
    'rate of one': rate,
  }));
  return `<h2>One instance and a cluster of two</h2>${table(rows)}`;
}

function html({ facts, sizes, scale, churn, newborn, designs, instances, judged, loadAfter, seconds }) {
  const words = `${sizes.users} accounts, each with a session, an audit row, a delivery and a counter, ${sizes.pending} pending codes and ${sizes.kept} that were used and are kept for a day; ${seconds} s in all. Absolute figures belong to this machine and its other load; ratios are taken inside the run.`;
  const verdict = ({ verdict, counts }) => (counts ? verdict : `${verdict}, control off: does not count`);
  return page('Latchkey, grown', { facts, loadAfter, words }, [
    table(
      judged.map((one) => ({
        target: one.id,
        what: one.what,
        measured: one.value,
        goal: one.target,
        verdict: verdict(one),
      })),
    ),
    scale === undefined ? '' : scalePart(scale),
    churn === undefined ? '' : churnPart(churn),
    newborn === undefined
      ? ''
      : `<h2>Before the first ANALYZE: rows read one by one for a request</h2>${table(newborn)}`,
    designs === undefined ? '' : designsPart(designs),
    instances === undefined ? '' : instancesPart(instances),
  ]);
}

module.exports = { html };
