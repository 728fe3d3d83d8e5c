// What is kept of a send: one row per hand-over, its end, an audit event per send. No text, no code, no full number.
import { Injectable, Logger } from '@nestjs/common';
import { LateAudit } from '../audit/late-audit.service';
import { PriceList } from '../limits/price-list.service';
import { Clock } from '../platform/clock/clock';
import { countryOf } from '../platform/phone/phone-number';
import { untilWritten } from '../platform/process/until-written';
import { Random } from '../platform/random/random';
import type { ExpiredMessage, MessageReference, Route } from './contract/message-source';
import { DeliveriesStore } from './deliveries/deliveries.store';
import type { Delivery, SentMessage } from './deliveries/deliveries.types';
import { doubted, type Run, type Tried } from './failover.types';
import type { Sendable } from './hand-over.service';
import { carriesOurCode } from './routing/route.policy';
import { segmentCount } from '../platform/text/segments';
import { Receipts } from './receipts/receipts.service';

@Injectable()
export class SendRecords {
  private readonly logger = new Logger('sms');

  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly audit: LateAudit,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly receipts: Receipts,
    private readonly prices: PriceList,
  ) {}

  /**
   * @param route undefined where no vendor can be called. @param as.isWaiting the vendor is not called yet
   * @returns the id of the hand-over; undefined when it has ended already
   * @throws OtherRun
   */
  begin(
    run: Run,
    message: Sendable,
    route: Route | undefined,
    as: { readonly isWaiting?: boolean; readonly now?: Date } = {},
  ): Promise<string | undefined> {
    const { reference } = run;
    const { phone } = message;
    const provider = route?.provider ?? null;
    const { channel, segments, country } = measured(message, route);
    const expected = provider === null ? null : this.prices.expected({ provider, channel, country, segments });
    const delivery = { id: this.random.uuid(), reference, provider, phone, channel, segments, expected };
    return this.deliveries.begin({ ...delivery, doubted: doubted(run, provider)?.id, now: this.clock.now(), ...as });
  }

  /** What a vendor takes for a message beyond what was counted when it was asked for, in ten-thousandths of the currency. */
  beyondCounted(message: Sendable, route: Route): number {
    return this.prices.beyondCounted(() => ({ provider: route.provider, ...measured(message, route) }));
  }

  /** @throws Error when the next run has something to make up for, and will send nothing for it */
  async accepted(
    run: Run,
    route: Route,
    deliveryId: string,
    providerId: string | null,
    tried: readonly Tried[],
  ): Promise<void> {
    const { provider } = route;
    const sent = { id: deliveryId, providerId, now: this.clock.now(), ref: run.reference.id, reason: provider };
    const [written, settled] = await Promise.allSettled([this.writeDown(sent, run.signal), this.settle(tried)]);
    if (settled.status === 'rejected') this.logger.error(settled.reason);
    if (written.status === 'rejected') return this.unwritten(route, written.reason);
    if (providerId !== null) await this.heardEarly(provider, providerId);
  }

  /** A receipt may overtake the answer to the send: what was told before its id was known here is applied now. @throws Error when refused */
  async heardEarly(provider: string, providerId: string): Promise<void> {
    await this.receipts.applyEarly(provider, providerId);
  }

  /** The vendor's id is not lost with the audit row, should that be what is refused: it follows later. */
  private writeDown(sent: SentMessage, signal: AbortSignal): Promise<void> {
    return this.deliveries.sent(sent).catch((error: unknown) => {
      this.logger.error(error);
      return untilWritten(() => this.deliveries.sentAuditedLater(sent), signal);
    });
  }

  // The message is out. Where it carries our code, another run would send that twice, so the error ends here.
  private unwritten(route: Route, reason: unknown): void {
    if (!carriesOurCode(route)) throw reason;
    this.logger.error(reason);
  }

  /** A test number: nothing leaves, and the send counts as sent. */
  async keptBack({ reference, past }: Run, phone: string): Promise<void> {
    const now = this.clock.now();
    const id = past.find(isUnsent)?.id ?? (await this.beginUnsent(reference, phone, now));
    if (id === undefined) return;
    await this.deliveries.sent({ id, providerId: null, now, ref: reference.id, reason: 'test number' });
  }

  /** Writes down how hand-overs failed. */
  async settle(tried: readonly Tried[]): Promise<void> {
    for (const { deliveryId, failure } of tried) await this.deliveries.failed(deliveryId, failure, this.clock.now());
  }

  /** No vendor took it, or none could be called. */
  async failed(
    run: Run,
    message: Sendable,
    tried: readonly Tried[],
    why: 'unavailable' | 'opted_out' = 'unavailable',
  ): Promise<void> {
    const { source, reference } = run;
    const unsent = tried.length > 0 ? undefined : await this.unsent(run, message);
    // First the way out, then the bad news: who reads `failed` may ask again at once.
    await source.sendFailed?.(reference);
    if (unsent === undefined && tried.length === 0) return;
    if (unsent !== undefined) await this.deliveries.failed(unsent, { kind: why }, this.clock.now());
    await this.settle(tried);
    const reasons = tried.flatMap(({ provider, failure }) => (provider === null ? [] : `${provider}: ${failure.kind}`));
    await this.audit.record({
      event: 'otp_send_failed',
      at: this.clock.now(),
      ref: reference.id,
      reason: reasons.join(', ') || (why === 'opted_out' ? 'opted_out' : 'no vendor can be called'),
    });
  }

  /** @returns the record of a send that no vendor has had; undefined where an earlier run, or a receipt, has ended the send */
  private async unsent(run: Run, message: Sendable): Promise<string | undefined> {
    if (run.past.length > 0) return run.past.find(isUnsent)?.id;
    return this.begin(run, message, undefined);
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
    const id = await this.beginUnsent(run.reference, phone, now);
    if (id !== undefined) await this.deliveries.failed(id, { kind: 'expired' }, now);
  }

  /** The record of a send that no vendor gets. */
  private beginUnsent(reference: MessageReference, phone: string, now: Date): Promise<string | undefined> {
    const id = this.random.uuid();
    return this.deliveries.begin({
      id,
      reference,
      phone,
      provider: null,
      channel: 'sms',
      segments: null,
      expected: null,
      now,
    });
  }

  warn({ provider, failure }: Tried): void {
    const { kind, certainty, httpStatus, vendorCode } = failure;
    this.logger.warn({
      msg: 'a message was not delivered to the vendor',
      provider,
      kind,
      certainty,
      httpStatus,
      vendorCode,
    });
  }
}

/** Begun for no vendor, by a run that could not write down how it ended. */
function isUnsent({ provider, status }: Delivery): boolean {
  return provider === null && status === 'queued';
}

/** What the price of a message goes by. */
function measured(message: Sendable, route: Route | undefined) {
  const ownText = message.kind === 'text' ? () => message.text : () => message.ownCode().text;
  const channel = message.kind === 'code' ? message.channel : 'sms';
  const segments = route?.kind === 'sender' ? segmentCount(ownText()) : null;
  return { channel, segments, country: countryOf(message.phone) };
}
