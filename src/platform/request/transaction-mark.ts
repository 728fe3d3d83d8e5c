// Marks the asynchronous context of an open transaction, so that OutboundHttp can refuse to be called inside one.
import { AsyncLocalStorage } from 'node:async_hooks';

const mark = new AsyncLocalStorage<true>();

export function insideTransaction(): boolean {
  return mark.getStore() === true;
}

export function markTransaction<T>(work: () => Promise<T>): Promise<T> {
  return mark.run(true, work);
}
