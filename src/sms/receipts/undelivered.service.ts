// What follows when a receipt says that a message did not arrive while its code is still good: the next vendor carries it, once, with
// the same code (ADR 31); else the person may ask again at once, and is advised to have it spoken. Invariant: decided in the
// transaction that moves the row, hence by one receipt only, however often it is told.
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/transactions';
import { Clock } from '../../platform/clock/clock';
import { DeliveriesStore } from '../deliveries/deliveries.store';
import { MessageSources } from '../message-sources.service';
import { OptOuts } from '../opt-outs/opt-outs.service';
import { isNumbersOwn } from '../routing/failover.policy';
import type { Moved } from './receipts.store';

@Injectable()
export class Undelivered {
  constructor(
    private readonly sources: MessageSources,
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
    private readonly optOuts: OptOuts,
  ) {}

  /** @returns whether nothing is to be given up: another vendor will carry it, or a hand-over of a newer or the same send has not failed */
  async sendAnotherWay(tx: Tx, { source: name, referenceId, send, failureKind }: Moved): Promise<boolean> {
    const all = await this.deliveries.of(referenceId, this.clock.now(), name, tx);
    const [newest] = all;
    if (newest?.send !== send || newest.status !== 'failed') return true;
    const handedOver = all.filter((delivery) => delivery.send === send);
    const isFirst = handedOver.filter(({ providerId }) => providerId !== null).length === 1;
    const tried = new Set(handedOver.map(({ provider }) => provider));
    if (!isFirst || isNumbersOwn(failureKind)) return false;
    const reference = { source: name, id: referenceId, send };
    return (await this.sources.find(name)?.sendAnotherWay?.(tx, reference, tried)) === true;
  }

  /** Only the source knows the number, and only while what it was about lasts. */
  async optedOut({ source, referenceId, send, provider }: Moved): Promise<void> {
    const message = await this.sources.find(source)?.compose({ source, id: referenceId, send });
    if (message?.phone !== undefined) await this.optOuts.refused(provider, message.phone);
  }

  async giveUp({ source, referenceId, send }: Moved): Promise<void> {
    await this.sources.find(source)?.sendFailed?.({ source, id: referenceId, send });
  }
}
