// What the queue engine is given: its own few connections and a log that never carries a job's payload.
import { Logger as NestLogger } from '@nestjs/common';
import { Logger } from 'graphile-worker';
import { Pool } from 'pg';
import { BY_KEY } from '../database/pools';

/** One listens; the others carry fetching, completing and heartbeats, each a statement of milliseconds. */
const CONNECTIONS = 4;

export function openWorkerPool(url: string, onError: (error: Error) => void): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'latchkey-jobs',
    options: BY_KEY,
    max: CONNECTIONS,
    connectionTimeoutMillis: 2000,
    statement_timeout: 10_000,
    // Our own, for a server that says nothing any more: without it the worker would wait for it for ever (F18).
    query_timeout: 11_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // Without these two a connection that dies, idle or in use, would end the process.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}

/** graphile-worker 0.17, localQueue.js. */
const QUEUE_BROKE = /^(Error occurred (fetching jobs|during fetch)|Failed to return jobs)/;

/**
 * The engine's own words at debug; what it calls an error heals by itself (a retry, a reconnect) and is a warning.
 * @param onBroken told of a fetch that failed, and of fetched jobs that could not be given back. The engine says so nowhere else; all else heals by itself
 */
export function workerLog(target: NestLogger, onBroken: (error: Error) => void): Logger {
  return new Logger(() => (level, message) => {
    const [line = ''] = message.split('\n');
    if (String(level) !== 'error') return target.debug(line);
    target.warn(line);
    if (QUEUE_BROKE.test(line)) onBroken(new Error(line));
  });
}
