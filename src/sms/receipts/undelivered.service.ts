// What follows when a receipt says that a message did not arrive while its code is still good. The next vendor carries it, once, with the
// same code (ADR 31). If there is none, the person may ask again at once, and is advised to have the code spoken. Invariant: this is
// decided in the transaction that moves the row, so by one receipt only, however often the vendor repeats it.
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/transactions';
import { Clock } from '../../platform/clock/clock';
import type { MessageReference } from '../contract/message-source';
import { DeliveriesStore } from '../deliveries/deliveries.store';
import { MessageSources } from '../message-sources.service';
import { OptOuts } from '../opt-outs/opt-outs.service';
import { isNumbersOwn } from '../routing/failover.policy';
import type { MovedDelivery } from './receipts.store';

@Injectable()
export class Undelivered {
  constructor(
    private readonly sources: MessageSources,
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
    private readonly optOuts: OptOuts,
  ) {}

  /**
   * @returns true when another vendor will carry it, or this send or a newer one has a hand-over that has not failed; false when the send
   * is to be given up
   */
  async sendAnotherWay(tx: Tx, moved: MovedDelivery): Promise<boolean> {
    const { source, referenceId, send, failureKind } = moved;
    const all = await this.deliveries.of(referenceId, this.clock.now(), source, tx);
    const [newest] = all;
    if (newest?.send !== send || newest.status !== 'failed') return true;
    const handedOver = all.filter((delivery) => delivery.send === send);
    const isFirst = handedOver.filter(({ providerId }) => providerId !== null).length === 1;
    const tried = new Set(handedOver.map(({ provider }) => provider));
    if (!isFirst || isNumbersOwn(failureKind)) return false;
    return (await this.sources.find(source)?.sendAnotherWay?.(tx, referenceOf(moved), tried)) === true;
  }

  /** Only the source knows the number, and only while the challenge or notice is kept. */
  async optedOut(moved: MovedDelivery): Promise<void> {
    const message = await this.sources.find(moved.source)?.compose(referenceOf(moved));
    if (message?.phone !== undefined) await this.optOuts.refused(moved.provider, message.phone);
  }

  async giveUp(moved: MovedDelivery): Promise<void> {
    await this.sources.find(moved.source)?.sendFailed?.(referenceOf(moved));
  }
}

function referenceOf({ source, referenceId: id, send }: MovedDelivery): MessageReference {
  return { source, id, send };
}
