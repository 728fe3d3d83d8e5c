// Who waits for whose lock. All test databases are clones of one template on one server: pg_locks shows the waits of all of them, and their
// tables have the same OIDs. What waits in another one must not pass for what a test has brought about.
import type { ClientBase, Pool } from 'pg';

/**
 * How many statements in this database wait for a lock.
 * @param database may be in a transaction: pg_locks is read anew each time, which pg_stat_activity is not
 * @param table counts only those that wait for this table as a whole
 */
export async function waitingForLocks(database: Pick<ClientBase, 'query'>, table?: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(
    // The lock of another transaction's row belongs to no database; but whoever waits for it has locked that row's table.
    `SELECT count(*)::int AS n FROM pg_locks waiting
      WHERE NOT waiting.granted AND ($1::text IS NULL OR waiting.relation = $1::regclass)
        AND EXISTS (SELECT FROM pg_locks here JOIN pg_database d ON d.oid = here.database
                     WHERE here.pid = waiting.pid AND d.datname = current_database())`,
    [table],
  );
  return rows[0]?.n ?? 0;
}

/**
 * Holds rows while requests are started that come to wait for them. They go on when it returns.
 * @param hold a statement that locks rows; what it changes is committed
 * @returns what `start` has started, in an array: a request that was awaited here would wait for its own end
 */
export async function whileHeld<T extends readonly unknown[]>(
  database: Pool,
  [hold, ...values]: readonly [string, ...unknown[]],
  start: () => Promise<T>,
): Promise<T> {
  const client = await database.connect();
  try {
    await client.query('BEGIN');
    await client.query(hold, values);
    const started = await start();
    await client.query('COMMIT');
    return started;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
