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
 * Jobs' statements find rows by a key, so their plans must too. A plan that was made while a table was small is kept, and would read the
 * whole table until the next ANALYZE, however large it has become (ADR 79, ADR 87). A table without an index is still read whole; before
 * PostgreSQL 18 that counts as so costly that each such statement would be compiled, for a third of a second, unless jit is off.
 */
export const BY_KEY = '-c enable_seqscan=off -c jit=off';

/**
 * For jobs: a few connections that no flood of requests can take (job-mark.ts). Opened at first use.
 * @param isPooled by a proxy, which refuses options that it does not know
 */
export function openJobPool(
  url: string,
  onPoolError: (error: Error) => void,
  { isPooled } = { isPooled: false },
): Pool {
  return openPool(url, onPoolError, { application_name: 'latchkey-work', max: JOB_CONNECTIONS, isPooled });
}

/**
 * One connection to say that jobs go on here, which neither they nor a proxy can hold up: heartbeats come past both, and whatever they find
 * overdue is run by others (ADR 89). Opened at first use. @param url past the proxy
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
