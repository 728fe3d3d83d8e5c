// A vendor that checks codes itself says yes once only, so what follows from it is written though the pool is busy.
import { AppError } from '../../platform/errors/app-error';

/** Each waits 2 s at most for a connection: together well within the 15 s a confirmation has. */
const TRIES = 3;

/**
 * @param write guarded by the state of the challenge: a try that did commit is found by the next one, which changes nothing
 * @throws AppError overloaded or not_ready when the database takes none of three tries; the driver's error at once
 */
export async function confirmed<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (tries === TRIES || !(error instanceof AppError)) throw error;
    }
  }
}
