// npm run test:threats, test:faults [-- --full] [--seed 1,2,3] [--without-timing] [--report] [-- <files or folders>]: every test whose name has
// an id of that letter, part by part, so that one that fails or hangs costs no other. Tells each part as it ends, and at the end how each
// listed case stands. --report keeps that in docs/<suite>-report.md and .json (--full: -report-full), anew after each part; with files named,
// what was kept of the others stays.
const { execFileSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { availableParallelism, tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { SUITES, casesOf, filesOf, partsOf } = require('./plan.cjs');
const { render, sum } = require('./report.cjs');
const { runFiles, stopRunning } = require('./run-files.cjs');

const root = join(__dirname, '..', '..');
const { values, positionals } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', multiple: true, default: ['1'] },
    report: { type: 'boolean', default: false },
    'without-timing': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [name, ...only] = positionals;
const suite = SUITES[name];
const seeds = values.seed.flatMap((seed) => seed.split(','));
const page = join(root, 'docs', `${name}-report${values.full ? '-full' : ''}`);

/** What each size is by (test files name them); without --full each file's own, which is that of CI. */
const FULL = {
  FAULT_FULL: '1',
  FAULT_ROUNDS: '10',
  CREDENTIAL_KILLS: '20',
  FAULT_LOGINS: '12',
  RACE_ROUNDS: '20',
  STAMPEDE: '500',
  RETENTION_ROWS: '200000',
  SOAK_PEOPLE: '100',
  SLOW_SOCKETS: '1500',
  FUZZ_RUNS: '200',
};
/** After these a part is ended and counts as failed; a minute more for each file. */
const MINUTES = values.full ? 60 : 20;

/** @returns when and of what a run is */
function stamp() {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src', 'test', 'migrations') !== '';
  return {
    commit: `${git('rev-parse', '--short', 'HEAD')}${changed ? ' and changes' : ''}`,
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    node: process.version,
    processors: availableParallelism(),
  };
}

/** @returns the runs to write to: of the seeds, after those that were kept where some files run again */
function runsOf() {
  const kept = values.report && only.length > 0 && existsSync(`${page}.json`);
  const runs = kept ? JSON.parse(readFileSync(`${page}.json`, 'utf8')) : [];
  const size = values.full ? 'full' : 'reduced';
  for (const seed of seeds) {
    const run = runs.find((one) => one.seed === seed);
    if (run) run.at.push(stamp());
    else runs.push({ seed, size, at: [stamp()], withoutTiming: values['without-timing'], files: [] });
  }
  return runs;
}

function record(run, done) {
  const again = new Set(done.map(({ file }) => file));
  run.files = [...run.files.filter(({ file }) => !again.has(file)), ...done];
}

function keep(runs) {
  if (!values.report) return;
  writeFileSync(`${page}.md`, render(name, suite, casesOf(suite), runs));
  writeFileSync(`${page}.json`, `${JSON.stringify(runs, null, 1)}\n`);
}

async function main(folder) {
  const parts = partsOf(filesOf(suite, { only, withoutTiming: values['without-timing'] }));
  const began = Date.now();
  const runs = runsOf();
  const bad = [];
  for (const seed of seeds) {
    const run = runs.find((one) => one.seed === seed);
    for (const [n, { files, isTiming }] of parts.entries()) {
      const env = { PATIENCE: '3', ...process.env, ...(values.full ? FULL : {}), TEST_SEED: seed };
      const minutes = MINUTES + files.length;
      const done = await runFiles(files, { root, folder, env, minutes, isTiming, names: suite.names });
      record(run, done);
      bad.push(...done.filter(({ isGood }) => !isGood).map(({ file }) => `${file} (seed ${seed})`));
      tell(`seed ${seed}, part ${n + 1}/${parts.length}, ${Math.round((Date.now() - began) / 60_000)} min`, done);
      keep(runs);
    }
  }
  process.stdout.write(`\n${render(name, suite, casesOf(suite), runs)}\n`);
  process.stdout.write(bad.length === 0 ? 'Every file passed.\n' : `FAILED: ${bad.join(', ')}\n`);
  return bad.length === 0 ? 0 : 1;
}

function tell(where, done) {
  const { passed, failed } = sum(done);
  const which = done.length === 1 ? done[0].file : `${done.length} files beside ${done[0].file}`;
  const how = done.every(({ isGood }) => isGood) ? 'ok    ' : 'FAILED';
  process.stderr.write(`${where}: ${how} ${which} (${passed} passed, ${failed} failed)\n`);
  for (const { isGood, file, said } of done) if (!isGood) process.stderr.write(`${file}\n${said ?? ''}\n`);
}

if (suite === undefined) throw new Error(`name a suite: ${Object.keys(SUITES).join(' or ')}`);
const folder = mkdtempSync(join(tmpdir(), 'latchkey-suite-'));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopRunning(() => process.exit(1)));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
main(folder).then((code) => (process.exitCode = code));
