// The database of `npm start` and `npm test`: a real PostgreSQL server installed by npm, for this machine only (loopback address, random
// password). Production uses DATABASE_URL instead. Any process may be killed at any moment: the next call recovers from that.
import { Client } from 'pg';
import { findBinaries } from './binaries';
import { ensureCluster, readPassword, SUPERUSER } from './cluster';
import { chooseHome, type Home } from './home';
import { adoptOrStart, stopPostmaster } from './postmaster';

const DATABASE = 'latchkey';
const LEAVING = 'latchkey-leaving';
/** How often to enter anew, when the server's last user stops it at the very moment we connect. */
const ENTRIES = 10;

/** For tests only: nothing is forced to the disk, so a crash may lose the cluster. */
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
  /** Stops the server, whether we started it or found it running. Returns when it is gone. */
  stop(): Promise<void>;
  /** Stops the server unless somebody else is connected, such as `npm start`, another command or a person. */
  stopUnlessUsed(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The folder that contains the cluster (in `postgres/`); made when missing. A folder has one cluster and one server. */
  readonly folder: string;
  readonly fast?: boolean;
}

/** @throws OperatorError, one line that names DATABASE_URL as an alternative */
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
 * A connection that stays open until we leave shows others that we use the server. Without it, another command could stop the server between
 * our start and our first statement.
 */
async function enter(home: Home, settings: readonly string[]) {
  for (let entry = 1; ; entry += 1) {
    const { pid, port } = await adoptOrStart(home, settings);
    const server = `postgres://${SUPERUSER}:${readPassword(home)}@127.0.0.1:${port}`;
    const presence = new Client({ connectionString: `${server}/postgres`, application_name: 'latchkey-present' });
    presence.on('error', () => undefined); // the server was killed: the next statement will report it
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

/**
 * Connections that ask this same question do not count. Otherwise two users that leave at once would see each other, and none would stop
 * the server.
 */
async function isUsed(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, application_name: LEAVING });
  client.on('error', () => undefined); // somebody else has stopped the server meanwhile
  try {
    await client.connect();
    const { rows } = await client.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1) AS used`,
      [LEAVING],
    );
    return rows[0]?.used === true;
  } catch {
    return false; // the server is stopping, or gone
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(client: Client): Promise<void> {
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    // Another start in the same folder has made it at the same time.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  }
}
