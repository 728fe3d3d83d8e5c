// Runs a statement on a connection: on the given one, or on one that is borrowed for it. A borrowed connection goes back unless it is broken. The
// pool's own query would close it after any refused statement, such as one that finds a number taken.
import type { PoolClient, QueryResultRow } from 'pg';
import { leavesConnection } from './database.errors';
import { type Callback, PreparedQuery } from './prepared-query';
import type { Connections } from './turns';

/** Runs a named statement. */
export function runPrepared<Row>(
  target: Connections | PoolClient,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return submit<Row>(target, (client, end) => {
    client.query(new PreparedQuery<Row>(name, text, values, end));
  });
}

/** Runs a statement that is planned anew for its values each time. */
export function runUnnamed<Row>(
  target: Connections | PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return submit<Row>(target, (client, end) => {
    client.query<Row & QueryResultRow>({ text, values: values as unknown[] }, end);
  });
}

function submit<Row>(
  target: Connections | PoolClient,
  query: (client: PoolClient, end: Callback<Row>) => void,
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const ask = (client: PoolClient, free: (error: unknown) => void): void => {
      let isOver = false;
      const end: Callback<Row> = (error, result) => {
        if (isOver) return;
        isOver = true;
        client.removeListener('error', end);
        free(error);
        // pg has given up waiting for an answer: it calls back without a result.
        if (result === undefined || error) reject(error ?? new Error('no answer'));
        else resolve(result.rows);
      };
      // While a connection is lent, the pool does not listen to it.
      client.once('error', end);
      query(client, end);
    };
    if ('release' in target) return ask(target, () => undefined);
    target.connect((error, client, release) => {
      if (client === undefined) return reject(error ?? new Error('no connection'));
      ask(client, (failure) => release(failure !== null && failure !== undefined && !leavesConnection(failure)));
    });
  });
}
