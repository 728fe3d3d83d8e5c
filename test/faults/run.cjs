// npm run test:faults [-- --full] [--seed N] [-- <jest arguments>]: every test whose name has an F id, the journal scenarios among them,
// and two tables: what each fault cost the clients that met it, and how each listed case stands. Ends as jest ends.
const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, relative } = require('node:path');
const { parseArgs } = require('node:util');
const { cases } = require('../../scripts/dump-cases.cjs');
const { caseTable, faultTable } = require('./report.cjs');

const root = join(__dirname, '..', '..');
const { values, positionals } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    report: { type: 'string' },
  },
  allowPositionals: true,
});

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

function run(folder) {
  const [table, results] = [join(folder, 'table.jsonl'), join(folder, 'results.json')];
  const files = positionals.length > 0 ? positionals : faultFiles();
  const args = ['--config', 'jest.faults.config.cjs', '--json', '--outputFile', results, '--forceExit', ...files];
  if (values.full) args.push('--maxWorkers=1');
  const began = Date.now();
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...(values.full ? FULL : {}), FAULT_SEED: values.seed, FAULT_TABLE: table },
  });
  const rows = existsSync(table)
    ? readFileSync(table, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const outcome = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : { testResults: [] };
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  const size = values.full ? 'full' : 'reduced';
  const head = `Seed ${values.seed}, ${size} size, ${minutes} minutes on Node ${process.version}.`;
  const text = `${head}\n\n${faultTable(rows)}\n${caseTable(outcome.testResults)}`;
  process.stdout.write(`\n${text}`);
  if (values.report !== undefined) writeFileSync(values.report, text);
  return status ?? 1;
}

function faultFiles() {
  const files = cases().flatMap(([id, found]) => (id.startsWith('F') ? [...found] : []));
  return [...new Set(files)].map((file) => relative('.', file).replaceAll('\\', '/'));
}

const folder = mkdtempSync(join(tmpdir(), 'latchkey-faults-'));
try {
  process.exitCode = run(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
