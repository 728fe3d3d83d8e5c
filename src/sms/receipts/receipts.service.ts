// What receipts change. Invariants: nothing is answered before it is stored (N12); a status only moves forward, however often, late
// or out of order it is told (A89); no receipt proves a phone or a code (A91).
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
import type { ReceiptEvent } from '../contract/receipt';
import { ReceiptsStore } from './receipts.store';

@Injectable()
export class Receipts {
  constructor(
    private readonly store: ReceiptsStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @returns once all of it is stored */
  async take(provider: string, events: readonly ReceiptEvent[]): Promise<void> {
    const now = this.clock.now();
    for (const event of events) {
      if (event.kind !== 'delivery') continue;
      await this.store.keep(this.random.uuid(), provider, event, now);
      await this.apply(provider, event.providerId);
    }
  }

  /** After the vendor's id of a hand-over was written down: what it has told of it before. */
  async apply(provider: string, providerId: string): Promise<void> {
    await this.store.apply(provider, providerId, this.clock.now());
  }
}
