// Marks code that runs in a job. Its statements use connections of their own, so that a flood of requests, which takes all others, never keeps a
// code from being sent (performance.md P6).
import { apart, currentWork, within } from './current-work';

export function insideJob(): boolean {
  return currentWork().isJob === true;
}

export function markJob<T>(work: () => Promise<T>): Promise<T> {
  return within({ isJob: true }, work);
}

/** The same for a job that a request has started: from here on it does not belong to that request. */
export function markJobApart<T>(work: () => Promise<T>): Promise<T> {
  return apart({ isJob: true }, work);
}
