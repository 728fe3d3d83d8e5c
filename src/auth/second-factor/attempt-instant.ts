import type { Random } from '../../platform/random/random';

/** An attempt's instant with random microseconds (protocol.md 5): it names this attempt among all failures. */
export function attemptInstant(at: Date, random: Random): string {
  return at.toISOString().replace('Z', `${String(random.below(1000)).padStart(3, '0')}Z`);
}
