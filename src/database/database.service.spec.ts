// A connection that is lent for several statements, and dies.
import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Metrics } from '../platform/metrics/metrics';
import type { Tracer } from '../platform/tracing/tracer';
import { DatabaseConfig } from './database.config';
import { Database } from './database.service';
import type { Borrower } from './turns';

it('F18: that ends in the moment it is lent is whose it was lent to, and does not end the process', async () => {
  Logger.overrideLogger(false);
  const client = new EventEmitter();
  const released: unknown[] = [];
  const connect = (borrower: Borrower): void => {
    borrower(undefined, client as unknown as PoolClient, (reason) => released.push(reason));
    // What one read of its socket has brought: the answer that set it free, and its end.
    client.emit('error', new Error('terminating connection due to administrator command'));
  };
  const dataSource = { driver: { master: { connect } } } as unknown as DataSource;
  const config = { url: 'postgres://127.0.0.1:1/none', isPooled: false } as unknown as DatabaseConfig;
  const database = new Database(dataSource, config, { gauge: () => undefined } as unknown as Metrics, {} as Tracer);
  const query = () => Promise.reject(new Error('Client has encountered a connection error and is not queryable'));
  await expect(database.withClient(query)).rejects.toMatchObject({ code: 'not_ready' });
  expect(released).toEqual([true]);
  expect(client.listenerCount('error')).toBe(0);
});
