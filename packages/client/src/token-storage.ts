// The port behind which the tokens of a session lie, and its simplest form. Invariant kept by all forms: what `save` was
// given last is what `load` returns, in every tab that shares the storage.

export interface TokenStorage {
  /** The text that was saved last; null when there is none. */
  load(): string | null | Promise<string | null>;
  save(text: string): void | Promise<void>;
  clear(): void | Promise<void>;
  /**
   * Runs `work` while nobody else who shares this storage runs theirs. Absent: the clients of one process that hold the
   * same storage object wait for each other, which is all that is needed when nobody else can see it.
   */
  lock?<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Calls back after somebody else has changed what is stored. @returns ends it */
  watch?(changed: () => void): () => void;
}

/** Ends with the process, or with the page. */
export function memoryStorage(): TokenStorage {
  let kept: string | null = null;
  return {
    load: () => kept,
    save: (text) => {
      kept = text;
    },
    clear: () => {
      kept = null;
    },
  };
}

const queues = new WeakMap<TokenStorage, Promise<unknown>>();

/** One after the other among the clients of this process, then whatever the storage itself provides. */
export function withLock<Result>(storage: TokenStorage, work: () => Promise<Result>): Promise<Result> {
  const locked = () => (storage.lock === undefined ? work() : storage.lock(work));
  const before = queues.get(storage) ?? Promise.resolve();
  const mine = before.then(locked, locked);
  queues.set(
    storage,
    mine.catch(() => undefined),
  );
  return mine;
}
