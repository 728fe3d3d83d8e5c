// Chance that can be repeated: the same TEST_SEED (1 unless told) makes the same choices at the same place of a test. What the processes
// and the network make of them differs from run to run; that is what a fault test is for.
import { createHash } from 'node:crypto';

const TEST_SEED = process.env['TEST_SEED'] ?? '1';

export interface Chance {
  /** From 0, never 1. */
  (): number;
}

/** 32 bits that follow from the seed and the place. */
export function seedOf(place: string): number {
  return createHash('sha256').update(`${TEST_SEED}:${place}`).digest().readUInt32BE();
}

/** @param place names the test, so that two of them do not make the same choices. SplitMix32. */
export function chanceOf(place: string): Chance {
  let state = seedOf(place);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** @throws Error for an empty list */
export function oneOf<T>(list: readonly T[], chance: Chance): T {
  const found = list[Math.floor(chance() * list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
