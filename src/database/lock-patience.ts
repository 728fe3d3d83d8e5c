// How a migration waits for a table that is in use (F27, ADR 75): it waits a moment, gives up, and tries again later. While it waits for its
// lock, every request for that table waits behind it, and requests fail after 1 s (pools.ts).
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../platform/process/operator-error';

/** The lock_timeout of everything that changes the schema. */
export const LOCK_MILLISECONDS = 300;

const BETWEEN_TRIES_MILLISECONDS = 700;
/** About five minutes in all, enough for an autovacuum or a backup that holds the table to end. */
const MAX_TRIES = 300;

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * @param work changes the schema, with LOCK_MILLISECONDS as lock_timeout. When it fails it must leave nothing uncommitted
 * @param next says what is being tried, for the operator
 * @throws OperatorError when the table stays in use; any other error of `work` at once
 */
export async function patiently(
  work: () => Promise<unknown>,
  next: () => Promise<string>,
  tell: (line: string) => void,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== LOCK_NOT_AVAILABLE) throw error;
      if (tries === MAX_TRIES) {
        throw new OperatorError(`${await next()} did not get its table, which stays in use: migrate again later`);
      }
      if (tries === 1) tell(`${await next()} waits for a table that is in use`);
    }
    await sleep(BETWEEN_TRIES_MILLISECONDS);
  }
}
