// How a migration waits for a table that is in use (F27, ADR 75): for a moment, then it lets go and tries again. While it waits,
// every request for that table waits behind it, and requests give up after 1 s (data-source.ts).
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../platform/process/operator-error';

/** lock_timeout of whatever changes the schema. */
export const LOCK_MILLISECONDS = 300;

const BETWEEN_TRIES_MILLISECONDS = 700;
/** About five minutes: an autovacuum or a backup that holds a table ends some time. */
const MAX_TRIES = 300;

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * @param work changes the schema with LOCK_MILLISECONDS as its lock_timeout; what it has not committed it undoes when it fails
 * @param next what is being tried now, for the operator
 * @throws OperatorError when the table stays in use; whatever else `work` throws, at once
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
