// One definition of the connection, shared by the app and the migration command.
import { join } from 'node:path';
import { Pool } from 'pg';
import type { DataSourceOptions } from 'typeorm';

/**
 * Time-outs of security.md 5.8: 3 s a statement, 1 s for a lock, 5 s idle in a transaction. The server ends a statement after
 * 3 s; the 3.5 s are our own, for a server that says nothing any more (F18).
 */
const connectionSettings = {
  idleTimeoutMillis: 30_000,
  statement_timeout: 3000,
  query_timeout: 3500,
  lock_timeout: 1000,
  idle_in_transaction_session_timeout: 5000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  options: '-c timezone=UTC',
};

const CONNECT_MILLISECONDS = 2000;
const JOB_CONNECTIONS = 4;

/** For jobs: a few connections that no flood of requests can take (job-mark.ts). Opened at first use. */
export function openJobPool(url: string, onPoolError: (error: Error) => void): Pool {
  const application_name = 'latchkey-work';
  const pool = new Pool({
    ...connectionSettings,
    connectionString: url,
    application_name,
    max: JOB_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
  });
  pool.on('error', onPoolError);
  return pool;
}

/** For requests: 20 connections, 2 s to get one. */
export function dataSourceOptions(url: string, onPoolError: (error: Error) => void): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    applicationName: 'latchkey',
    poolSize: 20,
    poolErrorHandler: onPoolError,
    connectTimeoutMS: CONNECT_MILLISECONDS,
    extra: connectionSettings,
    migrations: [join(__dirname, '../../migrations/*.{js,ts}')],
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
  };
}
