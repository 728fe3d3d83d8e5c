// One process migrates, the others wait for it (case F28). The lock belongs to a session, so it ends with the process that held it. What that
// process left running in the server is ended first, before the next one begins.
//
// The others ask for the lock again and again instead of waiting for it inside the server. A session that waits there holds a snapshot, and
// CREATE INDEX CONCURRENTLY waits for all snapshots: they would wait for each other for ever.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ownerUnreachable } from './unreachable';

/** Key of the advisory lock. Any number would do, but all versions must use the same. */
const MIGRATION_LOCK = '7809644627822372171';

/** Name of connections that migrate, in pg_stat_activity. By it the holder of the lock recognises its own connections and left-over ones. */
export const MIGRATING = 'latchkey-migrating';

const ASK_EVERY_MILLISECONDS = 200;

/**
 * @param url direct connection: session locks do not work through a transaction-pooling proxy
 * @param work begun when no other process migrates, and no connection of an earlier one is left
 * @throws OperatorError when the database cannot be reached; the driver's error when the connection with the lock is lost
 */
export async function underLock<T>(
  url: string,
  onProgress: (line: string) => void,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'latchkey-migrate', keepAlive: true });
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  await client.connect().catch(ownerUnreachable);
  try {
    await until(() => hasLock(client), 'another process is migrating, waiting for it', onProgress);
    await until(() => isAlone(client), 'ending what a killed migration has left running', onProgress);
    const result = await work(client);
    if (lost !== undefined) throw lost;
    return result;
  } finally {
    await client.end().catch(() => undefined); // ends the session and with it the lock
  }
}

async function until(holds: () => Promise<boolean>, meanwhile: string, tell: (line: string) => void): Promise<void> {
  if (await holds()) return;
  tell(meanwhile);
  do await sleep(ASK_EVERY_MILLISECONDS);
  while (!(await holds()));
}

async function hasLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [MIGRATION_LOCK]);
  return rows[0]?.got === true;
}

/** After its process was killed, a statement goes on in the server with its locks. It could even commit while we migrate. */
async function isAlone(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = current_user AND application_name = $1`,
    [MIGRATING],
  );
  return rowCount === 0;
}
