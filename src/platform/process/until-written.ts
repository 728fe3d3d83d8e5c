// For records that cannot be got again, such as the id under which a vendor has taken a message: they are worth ten seconds of patience with
// the database (F16: it restarts in five).
import { ExponentialBackoff, handleAll, retry } from 'cockatiel';

/** 0.2, 0.4 .. 3.2 s apart, with jitter: some ten seconds in all. */
const tries = retry(handleAll, {
  maxAttempts: 7,
  backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 3200 }),
});

/** @param write safe to repeat. @param signal ends the tries. @throws the error of the last try */
export function untilWritten(write: () => Promise<void>, signal: AbortSignal): Promise<void> {
  return tries.execute(write, signal);
}
