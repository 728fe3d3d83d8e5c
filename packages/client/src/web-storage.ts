// Tokens in localStorage, shared by the tabs of an origin: for native shells and for pages whose operator accepts that a
// script on the page can read them. Pages should prefer cookie mode.
import { browser, LOCK_WAIT_MS, type Locks, type WebStorage, withBrowserLock, withLease } from './tabs.ts';
import type { TokenStorage } from './token-storage.ts';

export interface WebStorageOptions {
  /** localStorage unless told. */
  readonly storage?: WebStorage;
  /** Where in it; `latchkey` unless told. */
  readonly key?: string;
  /** navigator.locks unless told; null: do without, by a lease in the storage. */
  readonly locks?: Locks | null;
  /** How long a tab waits for another, in milliseconds; 25000 unless told. A renewal takes up to 7 s more than `timeoutMs` of the client. */
  readonly lockWaitMs?: number;
}

/** @throws Error where there is no such storage */
export function webStorage(options: WebStorageOptions = {}): TokenStorage {
  const { key = 'latchkey', storage = browser.localStorage, lockWaitMs = LOCK_WAIT_MS } = options;
  const locks = options.locks === undefined ? browser.navigator?.locks : options.locks;
  if (storage === undefined) throw new Error('webStorage: there is no localStorage here');
  return {
    load: () => storage.getItem(key),
    save: (text) => storage.setItem(key, text),
    clear: () => storage.removeItem(key),
    lock: (work) =>
      locks === undefined || locks === null
        ? withLease(storage, `${key}.lease`, work, lockWaitMs)
        : withBrowserLock(locks, key, work, lockWaitMs),
    watch: (changed) => watched(key, changed),
  };
}

/** Browsers tell the other tabs of every change of localStorage. */
function watched(key: string, changed: () => void): () => void {
  const listener = (event: { key: string | null }): void => {
    if (event.key === key || event.key === null) changed(); // null: all of it was cleared
  };
  browser.addEventListener?.('storage', listener);
  return () => browser.removeEventListener?.('storage', listener);
}
