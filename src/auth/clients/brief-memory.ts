// Remembers what was found for at most 5 s of Clock. So a client app that was disabled on another instance stops within 5 s.
// Only what was found is remembered: a new client is known at once, and made-up names take no memory.
import type { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock/clock';
import { latestUsed } from '../../platform/memory/latest-used';

const REMEMBERED_MILLISECONDS = 5000;

interface Entry<Value> {
  readonly value: Value;
  readonly since: number;
}

export class BriefMemory<Value extends object> {
  private readonly entries: LRUCache<string, Entry<Value>>;
  private changes = 0;

  /** @param max number of entries. When it is full, the least recently used entry goes */
  constructor(
    private readonly clock: Clock,
    max: number,
  ) {
    this.entries = latestUsed(max);
  }

  /** @param look called when nothing is remembered. Its error is passed on, and nothing is remembered then */
  async recall(key: string, look: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const now = this.clock.now().getTime();
    const known = this.entries.get(key);
    // Compares with `since` too, because a clock that was set back must not stretch the 5 s.
    if (known !== undefined && now >= known.since && now < known.since + REMEMBERED_MILLISECONDS) return known.value;
    const { changes } = this;
    const value = await look();
    if (value === undefined) this.entries.delete(key);
    else if (changes === this.changes) this.entries.set(key, { value, since: now });
    return value;
  }

  /** To be called after a change has committed. A look that is running now will not be remembered either. */
  forgetAll(): void {
    this.changes += 1;
    this.entries.clear();
  }
}
