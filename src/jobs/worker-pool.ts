// What the queue's engine works with: a few connections of its own, and a log that never contains the payload of a job.
import { AsyncResource } from 'node:async_hooks';
import { Logger as NestLogger } from '@nestjs/common';
import { Logger } from 'graphile-worker';
import { Pool, type PoolClient } from 'pg';
import { BY_KEY } from '../database/pools';
import type { Borrower } from '../database/turns';

/** One listens for notifications. The others fetch jobs, report them and write heartbeats, in statements of a few milliseconds. */
const CONNECTIONS = 4;

/** pg calls a borrower back on behalf of whoever gave the connection back. Here it stays code of the engine (stray-mark.ts). */
class WorkerPool extends Pool {
  override connect(): Promise<PoolClient>;
  override connect(borrower: Borrower): void;
  override connect(borrower?: Borrower): Promise<PoolClient> | void {
    if (borrower === undefined) return super.connect();
    super.connect(AsyncResource.bind(borrower));
  }
}

export function openWorkerPool(url: string, onError: (error: Error) => void): Pool {
  const pool = new WorkerPool({
    connectionString: url,
    application_name: 'latchkey-jobs',
    options: BY_KEY,
    max: CONNECTIONS,
    connectionTimeoutMillis: 2000,
    statement_timeout: 10_000,
    // The client's own time limit. Without it a worker would wait for ever for a server that has stopped answering (F18).
    query_timeout: 11_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // Without these two listeners, losing a connection would end the process.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/** How these two errors begin in the log of graphile-worker 0.17 (its localQueue.js). */
const QUEUE_BROKE = /^(Error occurred (fetching jobs|during fetch)|Failed to return jobs)/;

/**
 * The engine's messages are logged at level debug. Those that it calls errors are warnings here: it recovers from them by a retry or reconnect.
 * @param onBroken called for the two errors from which it does not recover: a fetch that failed, and fetched jobs that could not be given
 *   back. The engine reports them only in its log
 */
export function workerLog(target: NestLogger, onBroken: (error: Error) => void): Logger {
  return new Logger(() => (level, message) => {
    const [line = ''] = message.split('\n');
    if (String(level) !== 'error') return target.debug(line);
    target.warn(line);
    if (QUEUE_BROKE.test(line)) onBroken(new Error(line));
  });
}
