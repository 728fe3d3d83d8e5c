// Settings of all connections, and the pools for jobs. The pool for requests is TypeORM's (data-source.ts).
import { Pool } from 'pg';

/**
 * Time-outs of security.md 5.8: 3 s for a statement, 1 s for a lock, 5 s idle in a transaction. The server itself ends a statement after
 * 3 s. The client's limit of 3.5 s is for a server that has stopped answering (F18).
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
 * Settings that make the plans of jobs' statements find rows by an index. PostgreSQL keeps a plan that it made while a table was small, and
 * would go on reading the whole table until the next ANALYZE, however large it has become (ADR 79, ADR 87). A table without an index is still
 * read whole; before PostgreSQL 18 that looks so costly that each such statement would be compiled, for a third of a second, if jit were on.
 */
export const BY_KEY = '-c enable_seqscan=off -c jit=off';

/**
 * The pool for jobs: a few connections that a flood of requests cannot take (job-mark.ts). Opened at first use.
 * @param isPooled whether a proxy pools our connections: then the settings above are left out, as a proxy refuses options it does not know
 */
export function openJobPool(
  url: string,
  onPoolError: (error: Error) => void,
  { isPooled } = { isPooled: false },
): Pool {
  return openPool(url, onPoolError, { application_name: 'latchkey-work', max: JOB_CONNECTIONS, isPooled });
}

/**
 * One connection with which an instance keeps the jobs that it is running from being given to others (ADR 89). It must not wait behind jobs or
 * a proxy: the heartbeats of other instances do not, and they give away what is overdue. Opened at first use. @param url past the proxy
 */
export function openKeepingPool(url: string, onPoolError: (error: Error) => void): Pool {
  return openPool(url, onPoolError, { application_name: 'latchkey-outbox', max: 1, isPooled: false });
}

function openPool(
  url: string,
  onPoolError: (error: Error) => void,
  { isPooled, ...given }: { application_name: string; max: number; isPooled: boolean },
): Pool {
  const { options } = connectionSettings;
  const pool = new Pool({
    ...connectionSettings,
    ...given,
    options: isPooled ? options : `${options} ${BY_KEY}`,
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
  });
  return pool.on('error', onPoolError);
}
