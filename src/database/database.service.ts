// Runs hand-written statements on TypeORM's pool, jobs' statements on a pool of their own (design D12). A named statement takes one round trip.
import { Injectable, Logger, OnApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { Metrics } from '../platform/metrics/metrics';
import { Tracer } from '../platform/tracing/tracer';
import { insideJob } from '../platform/request/job-mark';
import { openJobPool } from './pools';
import { DatabaseConfig } from './database.config';
import { translateDatabaseError } from './database.errors';
import { countConnections } from './database.metrics';
import { runPrepared, runUnnamed } from './run-statement';
import { Sql, Statement } from './sql';
import { type Connections, ConnectionsInTurns } from './turns';

/** Attributes of spans, as named by OpenTelemetry's semantic conventions. */
const DATABASE = { 'db.system.name': 'postgresql' };

@Injectable()
export class Database implements Sql, OnApplicationShutdown {
  private readonly logger = new Logger('database');
  private readonly requests: ConnectionsInTurns;
  private readonly jobs: Pool;
  private readonly prepared: boolean;
  private readonly onLost = (error: Error): void => this.logger.warn(`connection lost: ${error.message}`);

  constructor(
    dataSource: DataSource,
    config: DatabaseConfig,
    metrics: Metrics,
    private readonly tracer: Tracer,
  ) {
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    this.requests = new ConnectionsInTurns(pool);
    this.jobs = openJobPool(config.url, this.onLost, config);
    this.prepared = config.DATABASE_PREPARED;
    countConnections(metrics, { requests: pool, jobs: this.jobs }, this.requests);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.jobs.end();
  }

  /**
   * Runs one statement on a connection of its own. It is committed when this returns.
   * @throws AppError overloaded or not_ready; the driver's other errors
   */
  async run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.runOn<Row>(this.pool(), statement, values);
    } catch (error) {
      throw translateDatabaseError(fromHere(error));
    }
  }

  async withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const { client, release } = await borrow(this.pool(), this.onLost).catch(rethrow);
    let isBroken = false;
    try {
      return await work(client);
    } catch (error) {
      const translated = translateDatabaseError(error);
      isBroken = translated !== error;
      throw translated;
    } finally {
      client.removeListener('error', this.onLost);
      // A broken connection is closed instead of going back to the pool.
      release(isBroken);
    }
  }

  runOn<Row>(target: Connections | PoolClient, { name, text }: Statement, values: readonly unknown[]): Promise<Row[]> {
    const ask = (): Promise<Row[]> =>
      this.prepared && name !== ''
        ? runPrepared<Row>(target, name, text, values)
        : runUnnamed<Row>(target, text, values);
    return this.tracer.isOn ? this.tracer.below({ name: `sql ${name}`, kind: 'client', facts: DATABASE }, ask) : ask();
  }

  private pool(): Connections {
    return insideJob() ? this.jobs : this.requests;
  }
}

/** Gives a driver's error the stack of its caller. Its own stack shows only the socket, not who ran the statement. */
export function fromHere(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, fromHere);
  return error;
}

// The pool listens only to idle connections. Without a listener a connection that is lost in the middle of a transaction ends the process (F18).
// The listener is added at once when the connection is lent, because it may have been lost just before.
function borrow(
  from: Connections,
  onLost: (error: Error) => void,
): Promise<{ client: PoolClient; release: (isBroken: boolean) => void }> {
  return new Promise((resolve, reject) => {
    from.connect((error, client, release) => {
      if (client === undefined) return reject(error ?? new Error('no connection'));
      client.on('error', onLost);
      resolve({ client, release });
    });
  });
}

function rethrow(error: unknown): never {
  throw translateDatabaseError(error);
}
