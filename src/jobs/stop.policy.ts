// How the jobs that run here end when this process stops: one rule for those of the queue and of the outbox (F13, F23, ADR 92). A vendor has
// five seconds to answer (security.md 5.8): a job that is cut before may have its message out, and the next run would send it again.
import { setTimeout as sleep } from 'node:timers/promises';

/** Jobs may go on for so long; then their signal aborts, and no vendor is called any more. */
export const ABORT_MILLISECONDS = 3000;
/** From the beginning of the stop: the last call gets its five seconds, and a moment to record its answer. Then others get the jobs. */
const LEAVE_MILLISECONDS = 8500;
/**
 * For giving the jobs to others. With the 3 s of the drain and 1 s for its record a stop ends before the 15 s after which the process exits whatever hangs
 * (lifecycle.ts), the database away included.
 */
export const TELL_MILLISECONDS = 1500;

/**
 * @param ended resolves when every job has
 * @param abort called after 3 s, unless all have ended
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

/** Waits for the work, at most so long; how it ends after that is ignored. Never fails. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const settled = work.catch(() => undefined).finally(() => enough.abort());
  await Promise.race([settled, sleep(milliseconds, undefined, { signal: enough.signal }).catch(() => undefined)]);
}
