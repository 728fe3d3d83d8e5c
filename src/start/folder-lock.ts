// Allows one `npm start` per folder, by a session lock in the database that is named after the folder. The lock ends with the connection, and so
// with the process, in whatever way the process ends. No lock file can be left behind.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { Client } from 'pg';
import { directUnreachable } from '../database/unreachable';
import { OperatorError } from '../platform/process/operator-error';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * @param url direct connection, which is kept open
 * @param onLost called once when the database ends the connection, and so the lock
 * @throws OperatorError when another start holds the lock of this folder, or the database cannot be reached
 */
export async function lockFolder(url: string, folder: string, onLost: () => void): Promise<FolderLock> {
  const client = new Client({ connectionString: url, application_name: 'latchkey-start', keepAlive: true });
  let released = false;
  client.on('error', () => undefined); // the event `end` follows, and is handled below
  await client.connect().catch(directUnreachable);
  const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [keyOf(folder)]);
  if (rows[0]?.got !== true) {
    await client.end();
    throw new OperatorError(
      `already running in ${folder}: stop the other start first, or set LATCHKEY_DIR to another folder`,
    );
  }
  client.once('end', () => released || onLost());
  return {
    release: async () => {
      released = true;
      await client.end().catch(() => undefined);
    },
  };
}

/** A signed 64-bit number, as text. It depends on the host's name too, since two machines may have the same folder and share a database. */
function keyOf(folder: string): string {
  const digest = createHash('sha256')
    .update(`latchkey-start\n${hostname()}\n${realpathSync(folder)}`)
    .digest();
  return digest.readBigInt64BE().toString();
}
