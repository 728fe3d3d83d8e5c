// Storages that fail while a test wants them to, as a locked keychain or a full localStorage does.
import { memoryStorage, type TokenStorage, type WebStorage } from '@latchkey/client';
import { localStorageOf } from './tabs';

type Part = 'load' | 'save' | 'clear' | 'lock';

export class FaultyStorage implements TokenStorage {
  /** What fails now. */
  readonly failing = new Set<Part>();
  /** What is stored in truth. */
  readonly inner = memoryStorage();
  /** How often it was changed by somebody who did not hold its lock. */
  changedUnlocked = 0;
  private isLocked = false;
  /** Somebody else has changed what is stored. */
  tell: () => void = () => undefined;

  async load(): Promise<string | null> {
    this.mayFail('load');
    return this.inner.load();
  }

  async save(text: string): Promise<void> {
    this.mayFail('save');
    this.changedUnlocked += this.isLocked ? 0 : 1;
    await this.inner.save(text);
  }

  async clear(): Promise<void> {
    this.mayFail('clear');
    this.changedUnlocked += this.isLocked ? 0 : 1;
    await this.inner.clear();
  }

  async lock<Result>(work: () => Promise<Result>): Promise<Result> {
    this.mayFail('lock');
    this.isLocked = true;
    return work().finally(() => (this.isLocked = false));
  }

  watch(changed: () => void): () => void {
    this.tell = changed;
    return () => undefined;
  }

  private mayFail(part: Part): void {
    if (this.failing.has(part)) throw new Error('the keychain is locked');
  }
}

/** One tab's view of localStorage; while `full` names a key, that key takes nothing. */
export function fullStorageOf(items: Map<string, string>): WebStorage & { full: RegExp | undefined } {
  const storage = localStorageOf(items);
  return {
    ...storage,
    full: undefined,
    setItem(key, value) {
      if (this.full?.test(key)) throw new DOMException('no room', 'QuotaExceededError');
      storage.setItem(key, value);
    },
  };
}
