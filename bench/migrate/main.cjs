// npm run bench:migrate -- --from <ref> --users <count>: a database of that many accounts as the version of <ref> has it, an instance of
// that version serving people, and then this version's `npm run migrate`. Prints how long it took, how long each lock was held that keeps
// writers or readers out, and what people noticed; ends with 1 when a request failed or a lock was held for longer than a second (F27).
const { spawn } = require('node:child_process');
const { chmodSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { performance } = require('node:perf_hooks');
const { parseArgs } = require('node:util');
const { Client } = require('pg');
const { olderVersion } = require('../../scripts/older-version.cjs');
const { startLoad } = require('./load.cjs');
const { watchLocks } = require('./locks.cjs');
const { populate } = require('./populate.cjs');

const MOST_MILLISECONDS = 1000;
const root = join(__dirname, '..', '..');
const say = (text) => process.stderr.write(`${text}\n`);

/** @returns the child, and its ready line as soon as there is one */
function program(folder, file, env) {
  const path = join(folder, 'dist', 'src', file);
  const child = spawn(process.execPath, [path], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const ready = new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (text) => {
      output = (output + text).slice(-20_000);
      const line = output.split('\n').find((one) => one.includes('"event":"ready"') && one.endsWith('}'));
      if (line !== undefined) resolve(JSON.parse(line));
    });
    ended.then((code) => reject(new Error(`${file} ended with ${code}`)));
  });
  ready.catch(() => undefined);
  return { child, ended, ready };
}

async function measure(older, users, folder, url) {
  const database = new Client({ connectionString: url });
  await database.connect();
  const running = [];
  try {
    if ((await program(older.folder, 'migrate.js', { DATABASE_URL: url }).ended) !== 0)
      throw new Error('migrate failed');
    const rows = await populate(database, users, say);
    const env = { NODE_ENV: 'development', LATCHKEY_DIR: folder, SMS_PROVIDERS: 'telnyx', BCRYPT_COST: '4' };
    running.push(
      program(older.folder, 'simulator/main.js', { ...env, SIMULATOR_PORT: '0', SIMULATOR_SMTP_PORT: 'off' }),
    );
    const { simulator } = await running[0].ready;
    const ports = { PORT: '0', ADMIN_PORT: '0', METRICS_PORT: '0', SIMULATOR_PORT: new URL(simulator).port };
    const limits = { LIMIT_UNAUTHENTICATED: 'off', LIMIT_REGISTER_ADDRESS: 'off', LOG_LEVEL: 'error' };
    running.push(
      program(older.folder, 'main.js', { ...env, ...ports, ...limits, DATABASE_URL: url, MIGRATE_ON_START: 'false' }),
    );
    const { api } = await running[1].ready;
    const before = await startLoad(api).after(10_000);
    const load = startLoad(api);
    const locks = watchLocks(url);
    const began = performance.now();
    if ((await program(root, 'migrate.js', { DATABASE_URL: url }).ended) !== 0) throw new Error('migrate failed');
    const seconds = (performance.now() - began) / 1000;
    return {
      users,
      rows,
      seconds: Number(seconds.toFixed(1)),
      before,
      during: await load.after(0),
      locks: await locks.stop(),
    };
  } finally {
    running.forEach(({ child }) => child.kill('SIGTERM'));
    await Promise.all(running.map(({ ended }) => ended));
    await database.end();
  }
}

async function main() {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, users: { type: 'string', default: '1000000' } },
  });
  require('reflect-metadata');
  const { startEmbeddedPostgres } = require(join(root, 'dist', 'src', 'database', 'embedded', 'embedded-postgres.js'));
  const older = olderVersion(values.from);
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-migrate-'));
  chmodSync(folder, 0o755); // as root, the server runs under another account and has to enter
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'postgres') });
  try {
    const figures = await measure(older, Number(values.users), folder, postgres.url);
    process.stdout.write(`${JSON.stringify({ from: older.commit, ...figures }, undefined, 2)}\n`);
    const isHeld = figures.locks.some(({ milliseconds }) => milliseconds > MOST_MILLISECONDS);
    if (isHeld) say('a lock was held for longer than a second');
    if (figures.during.failed > 0) say('a request failed');
    return isHeld || figures.during.failed > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
    older.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().then((code) => (process.exitCode = code));
