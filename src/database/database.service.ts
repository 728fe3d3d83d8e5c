// The pool behind TypeORM's data source, for hand-written statements (design D12). One round trip, one named statement.
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
import { runPrepared, runUnnamed } from './prepared-query';
import { Sql, Statement } from './sql';
import { type Connections, ConnectionsInTurns } from './turns';

/** Semantic conventions of OpenTelemetry. */
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

  /** Runs one statement on its own connection, committed when it returns. @throws AppError overloaded or not_ready. */
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
      // A connection that broke must not go back into the pool.
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

/** Gives a driver's error the stack of whoever waits for it: its own tells of the socket, and not of the statement. */
export function fromHere(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, fromHere);
  return error;
}

// The pool listens only to idle connections; without a listener, a connection that dies in the middle of a transaction ends the process (F18).
// It has one from the moment it is lent: its end may have come already, together with the answer that set it free.
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
