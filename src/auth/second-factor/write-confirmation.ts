// A vendor that checks codes itself says yes only once, so its yes is written even while the pool is busy.
import { handleType, retry } from 'cockatiel';
import { AppError } from '../../platform/errors/app-error';

/** Three tries at once after each other. Each waits 2 s at most for a connection: together well within the 15 s a confirmation has. */
const tries = retry(handleType(AppError), { maxAttempts: 2 });

/**
 * @param write guarded by the state of the challenge: when a try did commit, the next one finds that and changes nothing
 * @throws AppError overloaded or not_ready when the database takes none of three tries; the driver's error at once
 */
export function writeConfirmation<T>(write: () => Promise<T>): Promise<T> {
  return tries.execute(write);
}
