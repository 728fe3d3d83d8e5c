// Marks the asynchronous context of a background job: its statements run on connections of their own, so that a flood of
// requests, which empties the pool, never keeps a code from being sent (performance.md P6).
import { apart, currentWork, within } from './current-work';

export function insideJob(): boolean {
  return currentWork().isJob === true;
}

export function markJob<T>(work: () => Promise<T>): Promise<T> {
  return within({ isJob: true }, work);
}

/** The same of a job that a request has set off: what it does is not that request's any more. */
export function markJobApart<T>(work: () => Promise<T>): Promise<T> {
  return apart({ isJob: true }, work);
}
