import { Injectable } from '@nestjs/common';
import { markTransaction } from '../platform/request/transaction-mark';
import type { PoolClient } from 'pg';
import { Database, fromHere } from './database.service';
import type { Sql, Statement } from './sql';

/** An open transaction. Methods that write take it as first argument. While one is open, outbound HTTP throws. */
export interface Tx extends Sql {
  readonly open: true;
}

@Injectable()
export class Transactions {
  constructor(private readonly database: Database) {}

  /** Runs `work` in one READ COMMITTED transaction; commits when it returns, rolls back when it throws. */
  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.withClient(async (client) => {
      await client.query('BEGIN');
      try {
        const tx: Tx = { open: true, run: (statement, values) => this.runOn(client, statement, values) };
        const result = await markTransaction(() => work(tx));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  private async runOn<Row>(client: PoolClient, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.database.runOn<Row>(client, statement, values);
    } catch (error) {
      throw fromHere(error);
    }
  }
}
