// Stops an instance whose answer of the database is on its way: between a record and what follows it.
import type { PoolClient } from 'pg';
import type { System } from './instance';
import { waitingForLocks } from './locks';
import { until } from './patience';

/** A process takes note when it has stood still for seven seconds; others have its jobs after ten to fourteen. */
export const NOTICED_MILLISECONDS = 7500;

/**
 * The one statement that is about to write to the table is done while the instance stands still.
 * @param begin leads to the statement; what it does in the given transaction is committed with it
 * @returns what goes on with the instance
 */
export async function standStillAt(
  system: System,
  instance: number,
  table: string,
  begin: (transaction: PoolClient) => Promise<void>,
): Promise<() => void> {
  const client = await system.database.connect();
  try {
    await client.query(`BEGIN; LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
    await begin(client);
    await until(async () => (await waitingForLocks(client, table)) === 1, `a statement that waits for ${table}`);
    process.kill(system.pid(instance), 'SIGSTOP');
  } finally {
    await client.query('COMMIT');
    client.release();
  }
  return () => process.kill(system.pid(instance), 'SIGCONT');
}
