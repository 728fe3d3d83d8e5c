// The targets of growth (performance.md 9: P10, P11), and the tables for people.
const { HOT } = require('./churn.cjs');
const { isControl } = require('./scale.cjs');

const two = (value) => (Number.isFinite(value) ? Number(value.toFixed(2)) : value);
const line = (id, what, value, target, isMet, counts = true) => ({
  id,
  what,
  value,
  target,
  verdict: isMet ? 'met' : 'missed',
  counts,
});

function ofScale({ figures, reads }) {
  const of = (server, route) => figures.find((one) => one.server === server && one.route === route);
  const routes = [...new Set(figures.map(({ route }) => route))];
  const judged = routes.map((route) => {
    const { cpuRatio } = of('large', route);
    const control = of('control', route).cpuRatio;
    return line(
      'P10',
      `${route}: CPU of a request, large beside small`,
      cpuRatio,
      '<= 1.2',
      cpuRatio <= 1.2,
      isControl(control),
    );
  });
  const [worst] = reads;
  const read = worst?.rowsPerRequest ?? 0;
  return [
    ...judged,
    line('P10', `rows read one by one for a request${worst ? ` (${worst.table})` : ''}`, read, '<= 100', read <= 100),
  ];
}

function ofChurn({ flows, clearing }) {
  const hot = HOT.map((table) => {
    const { hotShare } = flows.tables.find((one) => one.table === table);
    return line('P11', `${table}: share of updates that are HOT`, hotShare, '>= 0.95', hotShare >= 0.95);
  });
  const sizes = HOT.map((table) =>
    line('P11', `${table}: size of that of its live rows`, flows.sizes[table], '<= 3', flows.sizes[table] <= 3),
  );
  const { whole } = flows.code;
  const wal = line(
    'P11',
    'otp_attempts: log of a code, two wrong tries, clearing away, bytes',
    whole,
    '<= 1200',
    whole <= 1200,
  );
  const steps = clearing.steps.map(({ table, p99 }) =>
    line('P11', `${table}: a step of clearing out, p99 ms`, p99, '<= 100', p99 <= 100),
  );
  const routes = Object.keys(clearing.before).map((route) => {
    const ratio = clearing.during[route].p50 / clearing.before[route].p50;
    return line('F36', `${route}: p50 while clearing out, of before`, ratio, '<= 2', ratio <= 2);
  });
  return [
    ...hot,
    ...sizes,
    wal,
    ...steps,
    line('P11', 'everything old is gone', clearing.isWhole ? 1 : 0, '= 1', clearing.isWhole),
    ...routes,
  ];
}

function judge({ scale, churn, newborn }) {
  const judged = [];
  if (scale !== undefined) judged.push(...ofScale(scale));
  if (churn !== undefined) judged.push(...ofChurn(churn));
  if (newborn !== undefined) {
    const most = Math.max(0, ...newborn.map(({ rowsPerRequest }) => rowsPerRequest));
    judged.push(
      line('P10', 'before the first ANALYZE: rows read one by one for a request', most, '<= 1000', most <= 1000),
    );
  }
  return judged;
}

function tell({ scale, churn, newborn, designs, instances, judged }) {
  const show = (rows) =>
    console.table(
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? two(value) : value]),
        ),
      ),
    );
  if (scale !== undefined) {
    show(
      scale.figures.map(({ route, server, cpu, cpuRatio, rate, p50, p99 }) => ({
        route,
        server,
        'CPU ms': cpu,
        'of small': cpuRatio,
        'rate of small': rate,
        p50,
        p99,
      })),
    );
    show(scale.reads);
  }
  if (churn !== undefined) {
    const { tables, sizes, wal, code, ...flows } = churn.flows;
    show([flows]);
    show(wal);
    show([code]);
    show(tables);
    show([sizes]);
    show(churn.clearing.steps);
    show(
      ['before', 'during'].flatMap((when) =>
        Object.entries(churn.clearing[when]).map(([route, times]) => ({ when, route, ...times })),
      ),
    );
  }
  if (newborn !== undefined) show(newborn);
  if (designs !== undefined) show(designs);
  if (instances !== undefined)
    show(
      instances.map(({ route, server, perSecond, cpuServer, cpuDatabase, cpuRatio, rate }) => ({
        route,
        server,
        perSecond,
        'server ms': cpuServer,
        'database ms': cpuDatabase,
        'CPU of one': cpuRatio,
        'rate of one': rate,
      })),
    );
  show(judged);
}

module.exports = { judge, tell };
