// The end of a send whose message no vendor has taken: it failed, it was too late, or its number is a test number.
import { Injectable } from '@nestjs/common';
import { LateAudit } from '../audit/late-audit.service';
import { Clock } from '../platform/clock/clock';
import { Random } from '../platform/random/random';
import type { ExpiredMessage, MessageReference } from './contract/message-source';
import type { Channel } from './contract/provider';
import { DeliveriesStore } from './deliveries/deliveries.store';
import type { Delivery } from './deliveries/deliveries.types';
import { type Run, type Tried, wasTaken } from './failover.types';
import { channelOf, type Sendable } from './hand-over.service';
import { SendRecords } from './send-records.service';

@Injectable()
export class SendEnd {
  constructor(
    private readonly records: SendRecords,
    private readonly deliveries: DeliveriesStore,
    private readonly audit: LateAudit,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** For a test number: nothing is sent, and the send counts as sent. */
  async keptBack({ reference, past }: Run, phone: string): Promise<void> {
    const id = past.find(isUnsent)?.id ?? (await this.beginUnsent(reference, phone));
    if (id === undefined) return;
    const now = this.clock.now();
    await this.deliveries.sent({ id, providerId: null, now, ref: reference.id, reason: 'test number' });
  }

  /** No vendor has taken it, or none could be called. */
  async failed(
    run: Run,
    message: Sendable,
    tried: readonly Tried[],
    why: 'unavailable' | 'opted_out' = 'unavailable',
  ): Promise<void> {
    const { source, reference } = run;
    if (await this.endedMeanwhile(run, tried, wasTaken)) return;
    const unsent = tried.length > 0 ? undefined : await this.unsent(run, message);
    // First this, then the record: a client that sees `failed` may ask again at once.
    await source.sendFailed?.(reference);
    if (unsent === undefined && tried.length === 0) return;
    if (unsent !== undefined) await this.deliveries.failed(unsent, { kind: why }, this.clock.now());
    await this.records.settle(tried);
    const reason = reasonOf(tried) || (why === 'opted_out' ? 'opted_out' : 'no vendor can be called');
    await this.audit.record({ event: 'otp_send_failed', at: this.clock.now(), ref: reference.id, reason });
  }

  /**
   * A vendor in doubt may have told by a receipt what became of its message. Then the send has its end, and so have all its hand-overs.
   * @param tried every open hand-over of the send. @param isEnd which hand-over is the end of it
   */
  async endedMeanwhile(
    { reference }: Run,
    tried: readonly Tried[],
    isEnd: (handOver: Delivery) => boolean,
  ): Promise<boolean> {
    if (!tried.some(({ failure }) => failure.certainty === 'maybe-sent')) return false;
    const all = await this.deliveries.of(reference.id, this.clock.now(), reference.source);
    if (!all.some((delivery) => delivery.send === reference.send && isEnd(delivery))) return false;
    await this.records.settle(tried);
    return true;
  }

  /**
   * F11: a message that was too late counts as failed. When the code was entered while a vendor was in doubt, its message had arrived.
   * @param tried every open hand-over of the send
   */
  async expired(run: Run, { why, phone }: ExpiredMessage, tried: readonly Tried[]): Promise<void> {
    const now = this.clock.now();
    for (const { deliveryId, failure } of tried) {
      const { certainty } = failure;
      if (why === 'verified' && certainty === 'maybe-sent') await this.deliveries.accepted(deliveryId, null, now);
      else await this.deliveries.failed(deliveryId, { kind: 'expired', certainty }, now);
    }
    const isSilent = run.past.length === 0 && tried.length === 0;
    if (why !== 'late' || phone === undefined || !isSilent) return;
    const id = await this.beginUnsent(run.reference, phone);
    if (id !== undefined) await this.deliveries.failed(id, { kind: 'expired' }, this.clock.now());
  }

  /** @returns the record of a send that no vendor has had; undefined when a former run or a receipt has ended the send */
  private async unsent(run: Run, message: Sendable): Promise<string | undefined> {
    if (run.past.length > 0) return run.past.find(isUnsent)?.id;
    return this.beginUnsent(run.reference, message.phone, channelOf(message));
  }

  /** @returns the record of a send that no vendor gets; undefined when a former run has ended it */
  private beginUnsent(
    reference: MessageReference,
    phone: string,
    channel: Channel = 'sms',
  ): Promise<string | undefined> {
    const nothing = { provider: null, segments: null, expected: null };
    const id = this.random.uuid();
    return this.deliveries.begin({ id, reference, phone, channel, ...nothing, now: this.clock.now() });
  }
}

function reasonOf(tried: readonly Tried[]): string {
  return tried.flatMap(({ provider, failure }) => (provider === null ? [] : `${provider}: ${failure.kind}`)).join(', ');
}

/** A record that was begun for no vendor, by a run that could not record its end. */
function isUnsent({ provider, status }: Delivery): boolean {
  return provider === null && status === 'queued';
}
