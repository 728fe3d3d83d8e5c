import type { Random } from '../../platform/random/random';

/** The instant of an attempt, with random microseconds, so that it can be told from all other failures (protocol.md 5). */
export function attemptInstant(at: Date, random: Random): string {
  return at.toISOString().replace('Z', `${String(random.below(1000)).padStart(3, '0')}Z`);
}
