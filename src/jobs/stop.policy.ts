// How running jobs end when the process stops; the same rule for jobs of the queue and of the outbox (F13, F23, ADR 92). A vendor has five
// seconds to answer (security.md 5.8). If a job were cut before that, its message might be out, and the next run would send it again.
import { within } from '../platform/time/in-time';

/** How long jobs may go on undisturbed. Then their signal aborts, after which no vendor is called any more. */
export const ABORT_MILLISECONDS = 3000;
/** From the beginning of the stop until jobs that have not ended go to others. It lets a call in progress have its five seconds and be recorded. */
const LEAVE_MILLISECONDS = 8500;
/**
 * For giving the jobs to others. Together with 3 s of draining and 1 s for the record of the process, a stop ends before the 15 s after which
 * the process exits in any case (lifecycle.ts), even while the database is away.
 */
export const TELL_MILLISECONDS = 1500;

/**
 * @param ended resolves when every job has ended
 * @param abort called after 3 s if some have not
 * @returns when all have ended, or after 8.5 s. Never fails
 */
export async function letEnd(ended: Promise<unknown>, abort: () => void = () => undefined): Promise<void> {
  let hasEnded = false;
  const end = ended.catch(() => undefined).then(() => (hasEnded = true));
  await within(ABORT_MILLISECONDS, end);
  if (hasEnded) return;
  abort();
  await within(LEAVE_MILLISECONDS - ABORT_MILLISECONDS, end);
}
