// The database of `npm start` and `npm test`: a real PostgreSQL server from npm, for this machine only (loopback, random
// password). Production uses DATABASE_URL. Killing any process at any moment is survived by the next call.
import { Client } from 'pg';
import { findBinaries } from './binaries';
import { ensureCluster, readPassword, SUPERUSER } from './cluster';
import { chooseHome } from './home';
import { adoptOrStart, stopPostmaster } from './postmaster';

const DATABASE = 'latchkey';

/** Tests only: a crash may lose the cluster, and nothing has to reach the disk. */
const fastSettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'max_connections=400',
];

export interface EmbeddedPostgres {
  readonly url: string;
  /** Process id of the server. */
  readonly pid: number;
  /** Ends the server, adopted or started, and returns when it is gone. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder that holds the cluster (in `postgres/`); made when missing. One cluster, hence one server, per folder. */
  readonly folder: string;
  readonly fast?: boolean;
}

/** @throws OperatorError, one line that names DATABASE_URL as the way out. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const home = chooseHome(options.folder, findBinaries());
  await ensureCluster(home);
  const { pid, port } = await adoptOrStart(home, options.fast === true ? fastSettings : []);
  const server = `postgres://${SUPERUSER}:${readPassword(home)}@127.0.0.1:${port}`;
  await ensureDatabase(`${server}/postgres`);
  return { url: `${server}/${DATABASE}`, pid, stop: () => stopPostmaster(home) };
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    // Another start in the same folder was first.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
