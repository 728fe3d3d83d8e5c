// The turn of one vendor in a send: it waits for a place at the vendor, pays for the message, records the hand-over and calls the vendor.
// What follows from the answer is in turn-end.service.ts. Invariants: no vendor is called without a record. A message that waits is
// recorded as waiting, so a run that is cut short leaves no doubt about it, and it has cost nothing (ADR 93).
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel';
import { Clock } from '../platform/clock/clock';
import type { ProviderFailure, ProviderResult } from './contract/failure';
import type { Route } from './contract/message-source';
import { LeftOpen } from './deliveries/left-open.store';
import { doubted, NOT_CALLED, type Progress, type Tried, type Turn } from './failover.types';
import { HandOver, type Prepared } from './hand-over.service';
import { mayTryAgain, wasNotSent } from './routing/failover.policy';
import { Routing } from './routing/routing.service';
import { SendRecords } from './send-records.service';
import { TurnEnd } from './turn-end.service';
import { Verifiers } from './verifiers.service';

/** Three tries, 0.5 and 1 s apart with jitter (security.md 5.8), beside what the vendor asks for. */
const upToThreeTimes = retry(
  handleWhenResult((result) => {
    const tried = result as ProviderResult<string> | undefined;
    return tried?.ok === false && mayTryAgain(tried.failure);
  }),
  { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 2000 }) },
);

@Injectable()
export class VendorTurn {
  constructor(
    private readonly routing: Routing,
    private readonly handOver: HandOver,
    private readonly records: SendRecords,
    private readonly verifiers: Verifiers,
    private readonly end: TurnEnd,
    private readonly leftOpen: LeftOpen,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns what went wrong; undefined when the send has come to its end
   * @throws the signal's reason when the run is cut short before the vendor was called
   */
  async take(progress: Progress, route: Route, isLast: boolean): Promise<ProviderFailure | undefined> {
    const turn: Turn = {
      progress,
      route,
      isLast,
      isRepetition: doubted(progress.run, route.provider) !== undefined,
      verifierBefore: this.verifiers.of(progress.message),
      deliveryId: undefined,
      begunAt: undefined,
      state: 'waiting',
    };
    if (!(await this.recordWait(turn))) return undefined;
    const result = await this.call(turn).catch((error: unknown) => this.end.cutShort(turn, error));
    if (turn.state === 'over') return undefined;
    if (turn.state === 'unpaid') progress.left = [];
    if (result?.ok === true) return this.end.accept(turn, result.value);
    return this.end.fail(turn, result?.failure ?? NOT_CALLED);
  }

  /**
   * While a message waits for a place, its status must show that it is on its way, as a decoy's does (A55).
   * @returns false when this hand-over has ended already
   */
  private async recordWait(turn: Turn): Promise<boolean> {
    const { progress, route } = turn;
    const { run, message } = progress;
    if (!this.handOver.isBusy(route) || turn.isRepetition) return true;
    run.signal.throwIfAborted(); // by now another run may have done everything, and then nobody would end the record that is begun here
    turn.deliveryId = await this.records.begin(run, message, route, { isWaiting: true });
    await this.settleUnsent(progress);
    return turn.deliveryId !== undefined;
  }

  private async call(turn: Turn): Promise<ProviderResult<string> | undefined> {
    const { route, isLast } = turn;
    const { signal } = turn.progress.run;
    const hand = () => this.handOver.to(route, () => this.prepare(turn), signal);
    if (!isLast) return hand();
    let askedSeconds = 0;
    const result = await upToThreeTimes.execute(async () => {
      if (askedSeconds > 0) await wait(askedSeconds * 1000, undefined, { signal });
      const answer = await hand();
      askedSeconds = answer?.ok === false ? (answer.failure.retryAfterSeconds ?? 0) : 0;
      return answer;
    });
    if (result !== undefined || turn.state === 'over' || turn.state === 'unpaid') return result;
    const probed = await this.routing.available([route], signal);
    return probed.length > 0 ? hand() : undefined;
  }

  /** There is a place, and the vendor may be called. @returns undefined when it is not to be called */
  private async prepare(turn: Turn): Promise<Prepared | undefined> {
    if (turn.state === 'waiting') turn.state = await this.payAndRecord(turn);
    if (turn.state !== 'ready' || turn.deliveryId === undefined) return undefined;
    return { message: turn.progress.message, reference: turn.deliveryId };
  }

  private async payAndRecord(turn: Turn): Promise<Turn['state']> {
    const { progress, route } = turn;
    if (progress.payment === 'owed' && !(await this.pay(progress))) return 'unpaid';
    await this.payMore(progress, route);
    if (!(await this.verifiers.takeOver(progress, route))) {
      await this.end.drop(turn);
      return 'over';
    }
    turn.state = 'recording';
    turn.begunAt = this.clock.now();
    const deliveryId = await this.records.begin(progress.run, progress.message, route, { now: turn.begunAt });
    if (deliveryId === undefined) return 'over';
    turn.deliveryId = deliveryId;
    progress.begunAt ??= this.clock.now();
    progress.tried = progress.tried.filter((tried) => tried.deliveryId !== deliveryId);
    await this.settleUnsent(progress);
    return 'ready';
  }

  /**
   * Records the failures of vendors that certainly did not send the message. This is done when the next hand-over is on record, so that the
   * status never shows a failure in between; and before waiting for the next vendor, because a run that is cut short there would leave them
   * in doubt. A vendor that may still be called keeps its record open, since no vendor is called for a record that has ended.
   */
  private settleUnsent({ tried, left }: Progress): Promise<void> {
    const isToBeCalled = ({ provider }: Tried) => left.some((route) => route.provider === provider);
    return this.records.settle(tried.filter((one) => wasNotSent(one.failure) && !isToBeCalled(one)));
  }

  /**
   * Counts what this vendor takes beyond the price that was counted. Never refuses: whether the message may go out was decided when it was
   * asked for. It counts once for each vendor, even if that one does not take the message; and once more by the next run when this one is
   * cut short before its call.
   */
  private async payMore({ run: { source, reference }, message }: Progress, route: Route): Promise<void> {
    const amount = this.records.beyondCounted(message, route);
    if (amount > 0) await source.chargeMore?.(reference, amount);
  }

  /** Uses a payment that a former run has left unused, or pays anew. @returns false when the counters are full */
  private async pay(progress: Progress): Promise<boolean> {
    const { source, reference } = progress.run;
    const isPaid = progress.paidOn !== undefined && (await this.leftOpen.redeem(progress.paidOn));
    if (!isPaid && (await source.charge?.(reference)) === false) return false;
    progress.payment = 'made';
    return true;
  }
}
