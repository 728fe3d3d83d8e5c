// Marks one call of a vendor. All requests that it takes have the time of one (security.md 5.8): a stop waits for a call no longer (ADR 92).
import { currentWork, within } from './current-work';

export const CALL_MILLISECONDS = 5000;

export function markCall<T>(work: () => Promise<T>): Promise<T> {
  return within({ callEndsAt: performance.now() + CALL_MILLISECONDS }, work);
}

/** Milliseconds that the running call has left; below 1 none; endless outside of calls. */
export function callTimeLeft(): number {
  const { callEndsAt = Infinity } = currentWork();
  return callEndsAt - performance.now();
}
