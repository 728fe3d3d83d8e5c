// For records that cannot be made again, such as a vendor's id of a message it has taken. They are worth ten seconds of patience with a database
// that restarts, which takes five (F16).
import { ExponentialBackoff, handleAll, retry } from 'cockatiel';

/** Waits of 0.2, 0.4 .. 3.2 s with jitter, about ten seconds in all. */
const tries = retry(handleAll, {
  maxAttempts: 7,
  backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 3200 }),
});

/** @param write must be safe to repeat. @param signal ends the tries. @throws the error of the last try */
export function untilWritten(write: () => Promise<void>, signal: AbortSignal): Promise<void> {
  return tries.execute(write, signal);
}
