// npm run bench:load [-- --size 20 --sockets 5000 --people 400]: the floods, the slow clients and the soak of the fault suite, longer, and what they
// cost others as a table: times of cheap routes beside those of the same minute without load, how soon a refusal comes, memory.
// Sizes are times those of CI; 1, 30 and 2 try out the bench itself.
const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { availableParallelism, loadavg, tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');

const root = join(__dirname, '..', '..');
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '20' },
    sockets: { type: 'string', default: '5000' },
    people: { type: 'string', default: '400' },
  },
});
/** security.md 3.3, on two cores and a database of two more. */
const BOUNDS = { p95: 50, p99: 200 };
const files = [
  'test/faults/long/load.e2e-spec.ts',
  'test/faults/long/slow-clients.e2e-spec.ts',
  'test/faults/full/soak.e2e-spec.ts',
];

function run(folder) {
  const figures = join(folder, 'figures.jsonl');
  const env = {
    LOAD_FIGURES: figures,
    LOAD_SIZE: values.size,
    SLOW_SOCKETS: values.sockets,
    SOAK_PEOPLE: values.people,
  };
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const how = ['--config', 'jest.long.config.cjs', '--maxWorkers=1', '--testTimeout=1800000', '--forceExit'];
  const { status } = spawnSync(process.execPath, [jest, ...how, '--runTestsByPath', ...files], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = existsSync(figures) ? readFileSync(figures, 'utf8').trim().split('\n') : [];
  return { status, told: lines.map((line) => JSON.parse(line)) };
}

const ratio = (a, b) => (b > 0 ? (a / b).toFixed(1) : '-');
const beside = (during, before, part) => `${during[part]} ms (${ratio(during[part], before[part])} times)`;
const spread = (counts) =>
  Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');

function floodRow({ load, answers, cheapBefore, cheapDuring, refusals, refusedWithoutTime = 0, rssMB }) {
  const isWithin = cheapDuring.p95 <= BOUNDS.p95 && cheapDuring.p99 <= BOUNDS.p99;
  const times = ['p50', 'p95', 'p99'].map((part) => beside(cheapDuring, cheapBefore, part));
  const refused = refusals.asked === 0 ? 'none' : `${refusals.p50} / ${refusals.p95} ms`;
  return [load, spread(answers), ...times, isWithin ? 'yes' : 'no', refused, refusedWithoutTime, rssMB.join(', ')];
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function render(told) {
  const floods = told.filter(({ cheapDuring }) => cheapDuring !== undefined);
  const others = told.filter(({ cheapDuring }) => cheapDuring === undefined);
  const bounds = `within p95 ${BOUNDS.p95}, p99 ${BOUNDS.p99} ms`;
  const head = [
    'flood',
    'answers',
    'others meanwhile, p50',
    'p95',
    'p99',
    bounds,
    'refused after, p50 / p95',
    'without a time to come back',
    'MB, by quarter',
  ];
  const rest = others.map(({ load, ...figures }) => `- ${load}: ${JSON.stringify(figures)}\n`).join('');
  return `\nCheap requests (oneself, a status, a refresh) during each load; in brackets beside the same before it, one at a time.\n\n${table(head, floods.map(floodRow))}\n${rest}`;
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-load-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const before = loadavg()[0].toFixed(1);
const { status, told } = run(folder);
process.stdout.write(render(told));
process.stdout.write(
  `\nNode ${process.version}, ${availableParallelism()} processors, clients and database on the same; load of the machine before: ${before}.\n`,
);
process.exitCode = status ?? 1;
