import { randomBytes, randomFillSync, randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { Random } from './random';

/** Of these a request takes dozens, and a call of OpenSSL's generator costs more than the bytes it gives. */
const AHEAD_BYTES = 4096;
const MOST_BYTES = 64;

export class NodeRandom extends Random {
  private readonly ahead = Buffer.alloc(AHEAD_BYTES);
  private used = AHEAD_BYTES;

  override bytes(count: number): Buffer {
    if (count > MOST_BYTES) return randomBytes(count);
    if (this.used + count > AHEAD_BYTES) {
      randomFillSync(this.ahead);
      this.used = 0;
    }
    const taken = Buffer.alloc(count);
    this.ahead.copy(taken, 0, this.used, this.used + count);
    this.ahead.fill(0, this.used, this.used + count); // no secret stays here once it was given away
    this.used += count;
    return taken;
  }

  override uuid(): string {
    return v7();
  }

  override below(bound: number): number {
    return randomInt(bound);
  }
}
