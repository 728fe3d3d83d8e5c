// The port behind which the tokens of a session lie, and its simplest form. Invariant kept by all forms: what `save` was
// given last is what `load` returns, in every tab that shares the storage.

export interface TokenStorage {
  /** The text that was saved last; null when there is none. */
  load(): string | null | Promise<string | null>;
  save(text: string): void | Promise<void>;
  clear(): void | Promise<void>;
  /**
   * Runs `work` while nobody else who shares this storage runs theirs. Absent: the clients of one process that hold the
   * same storage object wait for each other, which is all that is needed when nobody else can see it. Should it fail
   * before it has begun `work`, the work is done without it.
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

/**
 * One after the other among the clients of this process, then whatever the storage itself provides. What comes of it is what
 * comes of `work`: a lock that fails must lose no tokens, so it is gone on without.
 */
export function withLock<Result>(storage: TokenStorage, work: () => Promise<Result>): Promise<Result> {
  const locked = async () => {
    let done: Promise<Result> | undefined;
    const once = () => (done ??= work());
    try {
      await storage.lock?.(once);
    } catch {
      // the work's own failure, which is told below, or the lock's
    }
    return once();
  };
  const before = queues.get(storage) ?? Promise.resolve();
  const mine = before.then(locked, locked);
  queues.set(
    storage,
    mine.catch(() => undefined),
  );
  return mine;
}
