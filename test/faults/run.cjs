// npm run test:faults [-- --full] [--seed 1,2,3] [--report] [-- <files>]: every test whose name has an F id, the journal scenarios among them,
// file by file, so that one that fails or hangs costs no other. Tells each file as it ends and, at the end, what each fault cost the clients
// that met it and how each listed case stands. --report keeps that in docs/faults-report.md and .json, anew after each file.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, relative } = require('node:path');
const { parseArgs } = require('node:util');
const { cases } = require('../../scripts/dump-cases.cjs');
const { render, sum } = require('./report.cjs');
const { runFile, stopRunning } = require('./run-file.cjs');

const root = join(__dirname, '..', '..');
const { values, positionals } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', multiple: true, default: ['1'] },
    report: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const seeds = values.seed.flatMap((seed) => seed.split(','));

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
};
/** After these a file is ended and counts as failed. */
const MINUTES = values.full ? 60 : 20;

function faultFiles() {
  if (positionals.length > 0) return positionals;
  const files = cases().flatMap(([id, found]) => (id.startsWith('F') ? [...found] : []));
  return [...new Set(files)].map((file) => relative('.', file).replaceAll('\\', '/')).sort();
}

function keep(text, runs) {
  if (!values.report) return;
  writeFileSync(join(root, 'docs', 'faults-report.md'), text);
  writeFileSync(join(root, 'docs', 'faults-report.json'), `${JSON.stringify(runs, null, 1)}\n`);
}

async function main(folder) {
  const files = faultFiles();
  const began = Date.now();
  const runs = seeds.map((seed) => ({
    seed,
    size: values.full ? 'full' : 'reduced',
    node: process.version,
    files: [],
  }));
  for (const [at, run] of runs.entries()) {
    for (const [n, file] of files.entries()) {
      const env = { PATIENCE: '3', ...process.env, ...(values.full ? FULL : {}), FAULT_SEED: run.seed };
      const done = await runFile(file, { root, folder, env, minutes: MINUTES });
      run.files.push(done);
      const { passed, failed } = sum([done]);
      const minutes = Math.round((Date.now() - began) / 60_000);
      process.stderr.write(
        `seed ${run.seed} (${at + 1}/${runs.length}), file ${n + 1}/${files.length}, ${minutes} min: ${done.isGood ? 'ok    ' : 'FAILED'} ${file} (${passed} passed, ${failed} failed, ${done.seconds} s)\n`,
      );
      if (!done.isGood) process.stderr.write(`${done.said}\n`);
      keep(render(runs), runs);
    }
  }
  const failed = runs.flatMap((run) =>
    run.files.filter(({ isGood }) => !isGood).map(({ file }) => `${file} (seed ${run.seed})`),
  );
  process.stdout.write(`\n${render(runs)}\n`);
  process.stdout.write(failed.length === 0 ? 'Every file passed.\n' : `FAILED: ${failed.join(', ')}\n`);
  return failed.length === 0 ? 0 : 1;
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-faults-'));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopRunning(() => process.exit(1)));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
main(folder).then((code) => (process.exitCode = code));
