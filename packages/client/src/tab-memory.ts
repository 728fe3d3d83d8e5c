// The access token of cookie mode: in the memory of each tab, and nowhere else. A tab that renews it tells the others, so that
// ten tabs renew once. The refresh token is in a cookie that no script can read.
import { browser, type Locks, TabChannel, withBrowserLock } from './tabs.ts';
import type { TokenStorage } from './token-storage.ts';

export interface TabMemory extends TokenStorage {
  close(): void;
}

/** @param name the same in every tab of one person: it names lock and channel */
export function tabMemory(name: string, locks: Locks | null | undefined = browser.navigator?.locks): TabMemory {
  let kept: string | null = null;
  const watchers = new Set<() => void>();
  const channel = new TabChannel(name, (message) => {
    kept = typeof message === 'string' ? message : null;
    watchers.forEach((changed) => changed());
  });
  const keep = (text: string | null): void => {
    kept = text;
    channel.tell(text);
  };
  return {
    load: () => kept,
    save: keep,
    clear: () => keep(null),
    lock: (work) => (locks === undefined || locks === null ? work() : withBrowserLock(locks, name, work)),
    watch: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    close: () => channel.close(),
  };
}
