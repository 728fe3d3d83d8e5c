import { randomBytes, randomInt } from 'node:crypto';
import { v7 } from 'uuid';
import { Random } from './random';

export class NodeRandom extends Random {
  override bytes(count: number): Buffer {
    return randomBytes(count);
  }

  override uuid(): string {
    return v7();
  }

  override below(bound: number): number {
    return randomInt(bound);
  }
}
