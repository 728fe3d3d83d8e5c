// Tabs of one browser, as far as a client sees them: a storage that all of them read and write, and the lock manager.
import type { Locks, WebStorage } from '@latchkey/client';

export function localStorageOf(items = new Map<string, string>()): WebStorage {
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** navigator.locks: one holder of a name at a time, in the order of asking; who waits may give up. */
export class LockManager implements Locks {
  private readonly tails = new Map<string, Promise<unknown>>();

  async request<Result>(
    name: string,
    { signal }: { signal: AbortSignal },
    work: () => Promise<Result>,
  ): Promise<Result> {
    const before = this.tails.get(name) ?? Promise.resolve();
    const mine = before.then(() => {
      if (signal.aborted) throw new DOMException('given up', 'AbortError');
      return work();
    });
    this.tails.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }
}

/** Never gives a lock, as when the tab that holds it was frozen. */
export const frozenLocks: Locks = {
  request: (_name, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
    }),
};
