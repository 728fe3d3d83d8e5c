// Remembers what was found for at most 5 s of the Clock, so that a client app that was disabled elsewhere stops within 5 s.
// Only finds are remembered: a client made a moment ago is known at once, and made-up names fill nothing.
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

  /** @param max entries; the least recently used one makes room */
  constructor(
    private readonly clock: Clock,
    max: number,
  ) {
    this.entries = latestUsed(max);
  }

  /** @param look asked when nothing is remembered; what it throws is passed on and nothing remembered */
  async recall(key: string, look: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const now = this.clock.now().getTime();
    const known = this.entries.get(key);
    // `since` too: a clock that was set back must not stretch the 5 s.
    if (known !== undefined && now >= known.since && now < known.since + REMEMBERED_MILLISECONDS) return known.value;
    const { changes } = this;
    const value = await look();
    if (value === undefined) this.entries.delete(key);
    else if (changes === this.changes) this.entries.set(key, { value, since: now });
    return value;
  }

  /** After a change has committed. A look that is under way is not remembered either. */
  forgetAll(): void {
    this.changes += 1;
    this.entries.clear();
  }
}
