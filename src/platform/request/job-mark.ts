// Marks the asynchronous context of a background job: its statements run on connections of their own, so that a flood of
// requests, which empties the pool, never keeps a code from being sent (performance.md P6).
import { currentWork, within } from './current-work';

export function insideJob(): boolean {
  return currentWork().isJob === true;
}

export function markJob<T>(work: () => Promise<T>): Promise<T> {
  return within({ isJob: true }, work);
}
