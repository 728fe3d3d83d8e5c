// Records hand-overs: one row for each, with its end, and an audit event for the one that was taken. No text, no code, no full number. The
// end of a send that no vendor has taken is recorded by send-end.service.ts.
import { Injectable, Logger } from '@nestjs/common';
import { PriceList } from '../limits/price-list.service';
import { Clock } from '../platform/clock/clock';
import { countryOf } from '../platform/phone/phone-number';
import { untilWritten } from '../platform/process/until-written';
import { Random } from '../platform/random/random';
import type { PretendedMessage, Route } from './contract/message-source';
import { DeliveriesStore } from './deliveries/deliveries.store';
import type { SentMessage } from './deliveries/deliveries.types';
import { doubted, type Run, type Tried } from './failover.types';
import { channelOf, type Sendable, textOf } from './hand-over.service';
import { carriesOurCode } from './routing/route.policy';
import { segmentCount } from '../platform/text/segments';
import { Receipts } from './receipts/receipts.service';

@Injectable()
export class SendRecords {
  private readonly logger = new Logger('sms');

  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly receipts: Receipts,
    private readonly prices: PriceList,
  ) {}

  /**
   * @param as.isWaiting the vendor is not called yet
   * @returns the id of the hand-over; undefined when it has ended already
   * @throws OtherRun
   */
  begin(
    run: Run,
    message: Sendable,
    route: Route,
    as: { readonly isWaiting?: boolean; readonly now?: Date } = {},
  ): Promise<string | undefined> {
    const { reference } = run;
    const { phone } = message;
    const priced = pricedBy(message, route);
    const { provider, channel, segments } = priced;
    const expected = this.prices.expected(priced);
    const delivery = { id: this.random.uuid(), reference, provider, phone, channel, segments, expected };
    return this.deliveries.begin({ ...delivery, doubted: doubted(run, provider)?.id, now: this.clock.now(), ...as });
  }

  /** What a vendor takes for a message beyond what was counted when it was asked for, in ten-thousandths of the currency. */
  beyondCounted(message: Sendable | PretendedMessage, route: Route): number {
    return this.prices.beyondCounted(() => pricedBy(message, route));
  }

  /** @throws Error when something could not be recorded that the next run must make up for; that run will send nothing */
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
    if (written.status === 'rejected') return this.unwritten(route, written.reason);
    if (providerId !== null) await this.receipts.applyEarly(provider, providerId);
    if (settled.status === 'rejected') throw settled.reason;
  }

  /** Records how hand-overs have failed. */
  async settle(tried: readonly Tried[]): Promise<void> {
    for (const { deliveryId, failure } of tried) await this.deliveries.failed(deliveryId, failure, this.clock.now());
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

  /** When it is the audit row that the database refuses, the vendor's id is recorded without it, and a job writes that row later. */
  private writeDown(sent: SentMessage, signal: AbortSignal): Promise<void> {
    return this.deliveries.sent(sent).catch((error: unknown) => {
      this.logger.error(error);
      return untilWritten(() => this.deliveries.sentAuditedLater(sent), signal);
    });
  }

  // The message was sent, but could not be recorded. When it carries our code the run must not fail, because the next one would send it again.
  private unwritten(route: Route, reason: unknown): void {
    if (!carriesOurCode(route)) throw reason;
    this.logger.error(reason);
  }
}

/** What the price of a message depends on. */
function pricedBy(message: Sendable | PretendedMessage, { provider, kind }: Route) {
  const segments = kind === 'sender' ? segmentsOf(message) : null;
  return { provider, channel: channelOf(message), country: countryOf(message.phone), segments };
}

function segmentsOf(message: Sendable | PretendedMessage): number {
  return message.kind === 'pretend' ? message.segments : segmentCount(textOf(message));
}
