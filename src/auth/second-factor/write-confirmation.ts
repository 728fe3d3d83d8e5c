// A vendor that checks codes says yes only once. So its yes is written even while the pool of connections is busy.
import { handleType, retry } from 'cockatiel';
import { AppError } from '../../platform/errors/app-error';

/** Three tries, one right after the other. Each waits 2 s at most for a connection, in all well within the 15 s that a confirmation may take. */
const tries = retry(handleType(AppError), { maxAttempts: 2 });

/**
 * @param write must be guarded by the challenge's state: if an earlier try has committed after all, the next one finds that and changes nothing
 * @throws AppError overloaded or not_ready when all three tries fail for want of the database; the driver's other errors at once
 */
export function writeConfirmation<T>(write: () => Promise<T>): Promise<T> {
  return tries.execute(write);
}
