// What is remembered in this process, bounded by a count: whatever was not used for longest makes room.
// Given as `max`, the count would be laid out at once: 20 ms and 5 MB of a start for a hundred thousand entries that may never come.
import { LRUCache } from 'lru-cache';

/** @param count entries kept, at least 1 */
export function latestUsed<Value extends object>(count: number): LRUCache<string, Value> {
  return new LRUCache({ maxSize: count, sizeCalculation: () => 1 });
}
