// What all connections are opened with; those for requests are TypeORM's (data-source.ts), a few are for jobs alone.
import { Pool } from 'pg';

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
export const REQUEST_CONNECTIONS = 20;
const JOB_CONNECTIONS = 4;

/**
 * What is asked for a message goes by a key, in every plan: one that was made, and is kept, while a table was small would read all of it
 * until the next ANALYZE, however large it has become (ADR 79, ADR 87). Where there is no index, a table is read all the same.
 */
export const BY_KEY = '-c enable_seqscan=off';

/** For jobs: a few connections that no flood of requests can take (job-mark.ts). Opened at first use. */
export function openJobPool(url: string, onPoolError: (error: Error) => void): Pool {
  const application_name = 'latchkey-work';
  const pool = new Pool({
    ...connectionSettings,
    options: `${connectionSettings.options} ${BY_KEY}`,
    connectionString: url,
    application_name,
    max: JOB_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
  });
  return pool.on('error', onPoolError);
}
