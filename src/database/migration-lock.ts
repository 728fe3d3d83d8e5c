// One process migrates, the others wait for it (case F28). The lock is a session's, so it goes with the process that held it;
// what that process had begun is ended before anything else is begun.
//
// The others ask again and again instead of waiting inside the server: a session that waits there holds a snapshot, and CREATE
// INDEX CONCURRENTLY waits for all snapshots, so that both would wait for ever.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ownerUnreachable } from './unreachable';

/** Key of the advisory lock; any number would do as long as every version uses the same. */
const MIGRATION_LOCK = '7809644627822372171';

/** Name of the connections that migrate, for pg_stat_activity: whoever has the lock knows them as its own or as left behind. */
export const MIGRATING = 'latchkey-migrating';

const ASK_EVERY_MILLISECONDS = 200;

/**
 * @param url direct connection: a transaction-pooling proxy does not carry session locks
 * @param work begun once no other process migrates, and no connection of an earlier one is left
 * @throws OperatorError when the database cannot be reached; the driver's error when the lock's connection is lost meanwhile
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

/** A statement goes on in the server after its process was killed, with its locks; it could even commit behind our back. */
async function isAlone(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = current_user AND application_name = $1`,
    [MIGRATING],
  );
  return rowCount === 0;
}
