// What receipts change. Invariants: nothing is answered before it is stored (N12); a status only moves forward, however often, late or out
// of order a receipt comes (A89); no receipt proves a phone or a code (A91).
import { Injectable } from '@nestjs/common';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { Transactions } from '../../database/transactions';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
import type { ReceiptEvent } from '../contract/receipt';
import { OptOuts } from '../opt-outs/opt-outs.service';
import { ReceiptsStore } from './receipts.store';
import { Undelivered } from './undelivered.service';

/** Requests have 20 connections. Receipts, which may come all at once, leave the others to people (A91). */
const AT_A_TIME = 8;
/** More could not be stored within the seconds that a vendor waits. The vendor repeats them. */
const WAITING = 200;

@Injectable()
export class Receipts {
  private readonly places = bulkhead(AT_A_TIME, WAITING);

  constructor(
    private readonly store: ReceiptsStore,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly undelivered: Undelivered,
    private readonly transactions: Transactions,
    private readonly optOuts: OptOuts,
  ) {}

  /** @returns when all of them are stored. @throws AppError overloaded, so that the vendor repeats them */
  async take(provider: string, events: readonly ReceiptEvent[]): Promise<void> {
    try {
      await this.places.execute(() => this.keepAll(provider, events));
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
      throw new AppError(platformErrors.overloaded, { reason: 'too many receipts at once', retryAfterSeconds: 1 });
    }
  }

  /** To be called when the vendor's id of a hand-over was recorded: applies receipts that came before. */
  async applyEarly(provider: string, providerId: string): Promise<void> {
    if (await this.store.isAnyTold(provider, providerId)) await this.apply(provider, providerId);
  }

  private async apply(provider: string, providerId: string): Promise<void> {
    const failed = await this.transactions.run(async (tx) => {
      const moved = await this.store.apply(tx, provider, providerId, this.clock.now());
      if (moved?.status !== 'failed') return undefined;
      return { moved, isLost: !(await this.undelivered.sendAnotherWay(tx, moved)) };
    });
    if (failed?.isLost === true) await this.undelivered.giveUp(failed.moved);
    if (failed?.moved.failureKind === 'opted_out') await this.undelivered.optedOut(failed.moved);
  }

  private async keepAll(provider: string, events: readonly ReceiptEvent[]): Promise<void> {
    const now = this.clock.now();
    for (const event of events) {
      if (event.kind === 'inbound') {
        await this.optOuts.hear(provider, event);
        continue;
      }
      const applied = await this.store.take(this.random.uuid(), provider, event, now);
      if (!applied) await this.apply(provider, event.providerId);
    }
  }
}
