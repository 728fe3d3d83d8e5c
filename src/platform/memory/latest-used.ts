// What this process remembers, bounded by a count: when it is full, the entry that was not used for longest goes.
// The library's option `max` would reserve all entries at once: 20 ms and 5 MB at the start for a hundred thousand that may never come.
import { LRUCache } from 'lru-cache';

/** @param count entries kept at most; at least 1 */
export function latestUsed<Value extends object>(count: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize: count, sizeCalculation: () => 1 });
}
