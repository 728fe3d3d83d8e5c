// The connections of the app: twenty for requests, a few for jobs, both of pg. TypeORM opens its own where the schema is changed
// (data-source.ts), and is not loaded for anything else (ADR 81).
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolConfig } from 'pg';

/**
 * Time-outs of security.md 5.8: 3 s a statement, 1 s for a lock, 5 s idle in a transaction. The server ends a statement after
 * 3 s; the 3.5 s are our own, for a server that says nothing any more (F18).
 */
export const connectionSettings = {
  idleTimeoutMillis: 30_000,
  statement_timeout: 3000,
  query_timeout: 3500,
  lock_timeout: 1000,
  idle_in_transaction_session_timeout: 5000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  options: '-c timezone=UTC',
};

export const CONNECT_MILLISECONDS = 2000;
const REQUEST_CONNECTIONS = 20;
const JOB_CONNECTIONS = 4;
const TRIES = 3;
const BETWEEN_TRIES_MILLISECONDS = 1000;

/** For requests: 20 connections, 2 s to get one. Opened at first use. */
export function openRequestPool(url: string, onPoolError: (error: Error) => void): Pool {
  return openPool({ connectionString: url, application_name: 'latchkey', max: REQUEST_CONNECTIONS }, onPoolError);
}

/** For jobs: a few connections that no flood of requests can take (job-mark.ts). Opened at first use. */
export function openJobPool(url: string, onPoolError: (error: Error) => void): Pool {
  return openPool({ connectionString: url, application_name: 'latchkey-work', max: JOB_CONNECTIONS }, onPoolError);
}

/**
 * Waits for a first connection, as long as a start may wait: three tries, a second between them.
 * @param onFailure told of each try that failed
 * @throws the driver's error of the last one, with the pool ended
 */
export async function connected(pool: Pool, onFailure: (error: Error) => void): Promise<Pool> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      (await pool.connect()).release();
      return pool;
    } catch (error) {
      onFailure(error as Error);
      if (left > 0) await sleep(BETWEEN_TRIES_MILLISECONDS);
      else return pool.end().then(() => Promise.reject(error as Error));
    }
  }
}

function openPool(own: PoolConfig, onPoolError: (error: Error) => void): Pool {
  const pool = new Pool({ ...connectionSettings, ...own, connectionTimeoutMillis: CONNECT_MILLISECONDS });
  return pool.on('error', onPoolError);
}
