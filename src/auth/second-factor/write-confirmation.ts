// A vendor that checks codes itself says yes once only, so what follows from it is written though the pool is busy.
import { handleType, retry } from 'cockatiel';
import { AppError } from '../../platform/errors/app-error';

/** Three tries at once after each other. Each waits 2 s at most for a connection: together well within the 15 s a confirmation has. */
const tries = retry(handleType(AppError), { maxAttempts: 2 });

/**
 * @param write guarded by the state of the challenge: a try that did commit is found by the next one, which changes nothing
 * @throws AppError overloaded or not_ready when the database takes none of three tries; the driver's error at once
 */
export function writeConfirmation<T>(write: () => Promise<T>): Promise<T> {
  return tries.execute(write);
}
