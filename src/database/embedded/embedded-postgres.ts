// The database of `npm start` and `npm test`: a real PostgreSQL server from npm, for this machine only (loopback, random
// password). Production uses DATABASE_URL. Killing any process at any moment is survived by the next call.
import { Client } from 'pg';
import { findBinaries } from './binaries';
import { ensureCluster, readPassword, SUPERUSER } from './cluster';
import { chooseHome, type Home } from './home';
import { adoptOrStart, stopPostmaster } from './postmaster';

const DATABASE = 'latchkey';
const LEAVING = 'latchkey-leaving';
/** How often a server may be stopped by its last user at the very moment we come. */
const ENTRIES = 10;

/** Tests only: a crash may lose the cluster, and nothing has to reach the disk. */
const fastSettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'max_connections=400',
  'max_prepared_transactions=1',
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
  const { pid, server, presence } = await enter(home, options.fast === true ? fastSettings : []);
  const leave = (): Promise<void> => presence.end().catch(() => undefined);
  return {
    url: `${server}/${DATABASE}`,
    pid,
    stop: async () => {
      await leave();
      await stopPostmaster(home);
    },
    stopUnlessUsed: async () => {
      await leave();
      if (!(await isUsed(`${server}/postgres`))) await stopPostmaster(home);
    },
  };
}

/**
 * A connection held from now until we leave says that we are here: without it another command could stop the server between our
 * start and our first statement.
 */
async function enter(home: Home, settings: readonly string[]) {
  for (let entry = 1; ; entry += 1) {
    const { pid, port } = await adoptOrStart(home, settings);
    const server = `postgres://${SUPERUSER}:${readPassword(home)}@127.0.0.1:${port}`;
    const presence = new Client({ connectionString: `${server}/postgres`, application_name: 'latchkey-present' });
    presence.on('error', () => undefined); // the server was killed: whoever needs it will say so
    try {
      await presence.connect();
      await ensureDatabase(presence);
      return { pid, server, presence };
    } catch (error) {
      await presence.end().catch(() => undefined);
      if (entry >= ENTRIES) throw error;
    }
  }
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

async function ensureDatabase(client: Client): Promise<void> {
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    // Another start in the same folder was first.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  }
}
