// One `npm start` per folder: a session lock in the database, named after the folder. It ends with the connection, hence
// with the process, however that ends; no file is left to go stale.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { Client } from 'pg';
import { OperatorError } from '../platform/process/operator-error';

export interface FolderLock {
  release(): Promise<void>;
}

/**
 * @param url direct connection; it is kept open
 * @param onLost told once when the database ends the connection, and the lock with it
 * @throws OperatorError when another start holds this folder, or the database cannot be reached
 */
export async function lockFolder(url: string, folder: string, onLost: () => void): Promise<FolderLock> {
  const client = new Client({ connectionString: url, application_name: 'latchkey-start', keepAlive: true });
  let released = false;
  client.on('error', () => undefined); // `end` follows
  await client.connect().catch((error: Error & { code?: string }) => {
    throw new OperatorError(`the database cannot be reached (${error.message || error.code})`);
  });
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

/** A signed 64-bit number as text. The host's name keeps machines apart that share one database and one layout. */
function keyOf(folder: string): string {
  const digest = createHash('sha256')
    .update(`latchkey-start\n${hostname()}\n${realpathSync(folder)}`)
    .digest();
  return digest.readBigInt64BE().toString();
}
