// The database of `npm start` and `npm test`: a real PostgreSQL server from npm, for this machine only (loopback, random
// password). Production uses DATABASE_URL. Killing any process at any moment is survived by the next call.
import { Client } from 'pg';
import { findBinaries } from './binaries';
import { ensureCluster, readPassword, SUPERUSER } from './cluster';
import { chooseHome } from './home';
import { adoptOrStart, stopPostmaster } from './postmaster';

const DATABASE = 'latchkey';
const LEAVING = 'latchkey-leaving';

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
  /** Ends the server unless somebody else is connected: `npm start`, which always is, another command, a person. */
  stopUnlessUsed(): Promise<void>;
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
  return {
    url: `${server}/${DATABASE}`,
    pid,
    stop: () => stopPostmaster(home),
    stopUnlessUsed: async () => {
      if (!(await isUsed(`${server}/postgres`))) await stopPostmaster(home);
    },
  };
}

/** Those who ask this very question do not count: of two that leave at the same time one, or both, must see nobody. */
async function isUsed(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, application_name: LEAVING });
  client.on('error', () => undefined); // the other one was faster
  try {
    await client.connect();
    const { rows } = await client.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1) AS used`,
      [LEAVING],
    );
    return rows[0]?.used === true;
  } catch {
    return false; // it is stopping, or gone
  } finally {
    await client.end().catch(() => undefined);
  }
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
