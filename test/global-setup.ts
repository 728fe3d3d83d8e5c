// One PostgreSQL server for the whole run: the embedded one in a temporary folder, or TEST_DATABASE_URL. Every test file
// clones the migrated template. Programs under test run from dist/, which `npm test` has built. A bare `jest` builds it where
// there is none. It starts no program of other sources, as a failed build leaves one; unit specs need none, and run.
import 'reflect-metadata';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres';
import { migrate } from '../src/database/migrate';
import { databaseUrl, onServer, SERVER_VARIABLE, TEMPLATE } from './support/database';
import { STALE_VARIABLE } from './support/program';

type Teardown = () => Promise<void>;

const builds = [
  ['dist', 'build.cjs'],
  ['packages/client/dist', 'build-packages.cjs'],
] as const;

declare global {
  var latchkeyTeardown: Teardown | undefined;
}

export default async function globalSetup(): Promise<void> {
  const root = join(__dirname, '..');
  for (const [built, script] of builds) {
    if (!existsSync(join(root, built))) execFileSync(process.execPath, [join(root, 'scripts', script)]);
  }
  const { stderr, status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.cjs'), '--check']);
  process.env[STALE_VARIABLE] = status === 0 ? '' : String(stderr).trim();
  const given = process.env['TEST_DATABASE_URL'];
  globalThis.latchkeyTeardown = given ? useServer(given) : await startServer();
  try {
    await makeTemplate();
  } catch (error) {
    await globalThis.latchkeyTeardown();
    throw error;
  }
}

function useServer(url: string): Teardown {
  process.env[SERVER_VARIABLE] = url;
  return () => Promise.resolve();
}

async function startServer(): Promise<Teardown> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'));
  chmodSync(folder, 0o755); // as root, the server runs under another account and has to enter
  const server = await startEmbeddedPostgres({ folder, fast: true });
  process.env[SERVER_VARIABLE] = server.url;
  // Well below our lock_timeout of 1 s: a deadlock is told as one, not as a lock that took long.
  await onServer(`ALTER SYSTEM SET deadlock_timeout = '200ms'`);
  await onServer('SELECT pg_reload_conf()');
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(): Promise<void> {
  await onServer(`DROP DATABASE IF EXISTS ${TEMPLATE}_draft WITH (FORCE)`);
  await onServer(`CREATE DATABASE ${TEMPLATE}_draft TEMPLATE template0`);
  await migrate(databaseUrl(`${TEMPLATE}_draft`), () => undefined);
  await dropTemplate();
  await onServer(`ALTER DATABASE ${TEMPLATE}_draft RENAME TO ${TEMPLATE}`);
  await onServer(`ALTER DATABASE ${TEMPLATE} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
}

/** A server that is not ours may hold the template of an earlier run, of another schema. */
async function dropTemplate(): Promise<void> {
  await onServer(`UPDATE pg_database SET datistemplate = false WHERE datname = '${TEMPLATE}'`);
  await onServer(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
}
