// Marks the asynchronous context of a background job: its statements run on connections of their own, so that a flood of
// requests, which empties the pool, never keeps a code from being sent (performance.md P6).
import { AsyncLocalStorage } from 'node:async_hooks';

const mark = new AsyncLocalStorage<true>();

export function insideJob(): boolean {
  return mark.getStore() === true;
}

export function markJob<T>(work: () => Promise<T>): Promise<T> {
  return mark.run(true, work);
}
