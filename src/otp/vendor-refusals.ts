// How the vendor refused wrong codes lately: how long it took and whether the verification ended with it. A decoy that has no
// vendor to ask copies one of them (design section 2; weaker than a real check, and documented as such).
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Random } from '../platform/random/random';

export interface VendorRefusal {
  readonly milliseconds: number;
  readonly ended: boolean;
}

const KEPT = 100;
/** Until this process has seen a refusal of its own. */
const ASSUMED: VendorRefusal = { milliseconds: 250, ended: false };

@Injectable()
export class VendorRefusals {
  private readonly recent: VendorRefusal[] = [];

  constructor(private readonly random: Random) {}

  record(refusal: VendorRefusal): void {
    this.recent.push(refusal);
    if (this.recent.length > KEPT) this.recent.shift();
  }

  /** Waits as long as one of the last 100 refusals took, and says whether it ended its verification. */
  async pretend(): Promise<VendorRefusal> {
    const drawn = this.recent[this.random.below(Math.max(1, this.recent.length))] ?? ASSUMED;
    await wait(drawn.milliseconds);
    return drawn;
  }
}
