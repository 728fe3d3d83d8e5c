// Metrics of the two pools of connections: how many connections are in use and idle, and how many callers wait.
import type { Pool } from 'pg';
import type { Metrics } from '../platform/metrics/metrics';

/** @param turns of the pool for requests: callers who wait for their turn count as waiting for that pool */
export function countConnections(
  metrics: Metrics,
  pools: Readonly<Record<'requests' | 'jobs', Pool>>,
  turns: { readonly waitingCount: number },
): void {
  const all = Object.entries(pools);
  metrics.gauge(
    { name: 'latchkey_database_connections', help: 'Open connections of a pool', labels: ['pool', 'state'] },
    () =>
      all.flatMap(([pool, { totalCount, idleCount }]) => [
        { labels: { pool, state: 'busy' }, value: totalCount - idleCount },
        { labels: { pool, state: 'idle' }, value: idleCount },
      ]),
  );
  metrics.gauge(
    { name: 'latchkey_database_waiting', help: 'Who waits for a connection of a pool', labels: ['pool'] },
    () => [
      { labels: { pool: 'requests' }, value: pools.requests.waitingCount + turns.waitingCount },
      { labels: { pool: 'jobs' }, value: pools.jobs.waitingCount },
    ],
  );
}
