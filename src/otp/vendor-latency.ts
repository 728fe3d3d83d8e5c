// How long vendors took recently to refuse a wrong code. A decoy has no vendor to ask, so it waits as long (design section 2). This hides
// less than a real check would, as docs/limits.md says.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Random } from '../platform/random/random';

const KEPT = 100;
/** Used until this process has seen a refusal. */
const ASSUMED_MILLISECONDS = 250;
/** What the confirmation of a code may take. A check took longer only if this process stood still meanwhile, and decoys are not to wait for that. */
const LONGEST_MILLISECONDS = 15_000;

@Injectable()
export class VendorLatency {
  private readonly recent: number[] = [];

  constructor(private readonly random: Random) {}

  /** @param milliseconds by a clock that nobody sets; more than 15 s count as 15 s */
  record(milliseconds: number): void {
    this.recent.push(Math.min(milliseconds, LONGEST_MILLISECONDS));
    if (this.recent.length > KEPT) this.recent.shift();
  }

  /** Waits for as long as one of the last 100 refusals took. */
  async pretend(): Promise<void> {
    const drawn = this.recent[this.random.below(Math.max(1, this.recent.length))];
    await wait(drawn ?? ASSUMED_MILLISECONDS);
  }
}
