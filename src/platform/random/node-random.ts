// Chance from the operating system, fetched ahead by the page: asking for a few bytes at a time costs as much as a signature. Node does the same for randomUUID.
// Invariant: no byte is given twice, and none stays here once it was given.
import { randomBytes, randomFillSync, randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { Random } from './random';

const AHEAD = 4096;
/** More than any of ours asks for; beyond it the supply would hold up nobody else. */
const FROM_SUPPLY = 64;

export class NodeRandom extends Random {
  private readonly supply = Buffer.alloc(AHEAD);
  private at = AHEAD;

  override bytes(count: number): Buffer {
    if (count > FROM_SUPPLY) return randomBytes(count);
    if (this.at + count > AHEAD) {
      randomFillSync(this.supply);
      this.at = 0;
    }
    const taken = this.supply.subarray(this.at, this.at + count);
    const bytes = Buffer.from(taken);
    taken.fill(0);
    this.at += count;
    return bytes;
  }

  override uuid(): string {
    return v7();
  }

  override below(bound: number): number {
    return randomInt(bound);
  }
}
