// The turn of one vendor of a send: waits for a place there, charges, records and calls, writes down what came of it. Invariants: nothing is
// handed over without its record; what has only waited is on record as such, so that a run which is cut short leaves no doubt of it, and
// costs nothing (ADR 93).
import { Injectable, Logger } from '@nestjs/common';
import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel';
import { Clock } from '../platform/clock/clock';
import type { ProviderFailure, ProviderResult } from './contract/failure';
import type { Route } from './contract/message-source';
import { OtherRun } from './deliveries/deliveries.store';
import { LeftOpen } from './deliveries/left-open.store';
import { doubted, IN_DOUBT, NOT_CALLED, type Progress, type Run, type Tried } from './failover.types';
import { HandOver, type Prepared } from './hand-over.service';
import { OptOuts } from './opt-outs/opt-outs.service';
import { mayTryAgain, wasNotSent } from './routing/failover.policy';
import { carriesOurCode } from './routing/route.policy';
import { Routing } from './routing/routing.service';
import { SendRecords } from './send-records.service';
import { Verifiers } from './verifiers.service';

/** Three tries, 0.5 and 1 s apart with jitter (security.md 5.8). */
const upToThreeTimes = retry(
  handleWhenResult((result) => {
    const tried = result as ProviderResult<string> | undefined;
    return tried?.ok === false && mayTryAgain(tried.failure);
  }),
  { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 2000 }) },
);

interface Turn {
  readonly route: Route;
  /** No other vendor is left: this one is tried up to three times. */
  readonly isLast: boolean;
  /** Of its record, once there is one. */
  deliveryId: string | undefined;
  /** When it was, to be called. */
  begunAt: Date | undefined;
  /** `recording`: charged, and the record may be there. `ready`: it is, and the vendor is called. `over`: the send has come to its end. `unpaid`: its counters are spent. */
  state: 'waiting' | 'recording' | 'ready' | 'over' | 'unpaid';
}

@Injectable()
export class VendorTurn {
  private readonly logger = new Logger('sms');

  constructor(
    private readonly routing: Routing,
    private readonly handOver: HandOver,
    private readonly records: SendRecords,
    private readonly verifiers: Verifiers,
    private readonly optOuts: OptOuts,
    private readonly leftOpen: LeftOpen,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns what went wrong; undefined when the send has come to its end
   * @throws the signal's reason when the run is cut short before the vendor was called
   */
  async take(run: Run, progress: Progress, route: Route, isLast: boolean): Promise<ProviderFailure | undefined> {
    const turn: Turn = { route, isLast, deliveryId: undefined, begunAt: undefined, state: 'waiting' };
    const before = this.verifiers.of(progress.message);
    if (!(await this.queueUp(run, progress, turn))) return undefined;
    const result = await this.call(run, progress, turn).catch((error: unknown) =>
      this.cutShort(run, progress, turn, error),
    );
    if (turn.state === 'over') return undefined;
    if (turn.state === 'unpaid') progress.left = [];
    if (result?.ok === true) return this.conclude(run, progress, turn, result.value);
    return this.failed(run, progress, turn, before, result?.failure ?? NOT_CALLED);
  }

  /** Who has to wait is seen to be on its way meanwhile, as decoys are (A55). @returns false when this hand-over has ended already */
  private async queueUp(run: Run, progress: Progress, turn: Turn): Promise<boolean> {
    if (!this.handOver.isBusy(turn.route) || doubted(run, turn.route.provider) !== undefined) return true;
    run.signal.throwIfAborted(); // whoever has it next may be done by now, and nobody would end this record
    turn.deliveryId = await this.records.begin(run, progress.message, turn.route, { isWaiting: true });
    await this.settleRefused(progress);
    return turn.deliveryId !== undefined;
  }

  private async call(run: Run, progress: Progress, turn: Turn): Promise<ProviderResult<string> | undefined> {
    const { route, isLast } = turn;
    const hand = () => this.handOver.to(route, () => this.prepare(run, progress, turn), run.signal);
    if (!isLast) return hand();
    const result = await upToThreeTimes.execute(hand);
    if (result !== undefined || turn.state === 'over' || turn.state === 'unpaid') return result;
    const probed = await this.routing.available([route], run.signal);
    return probed.length > 0 ? hand() : undefined;
  }

  /** There is a place, and the vendor may be called. @returns undefined when it is not to be */
  private async prepare(run: Run, progress: Progress, turn: Turn): Promise<Prepared | undefined> {
    if (turn.state === 'waiting') turn.state = await this.settleUp(run, progress, turn);
    if (turn.state !== 'ready' || turn.deliveryId === undefined) return undefined;
    return { message: progress.message, reference: turn.deliveryId };
  }

  private async settleUp(run: Run, progress: Progress, turn: Turn): Promise<Turn['state']> {
    if (progress.payment === 'owed' && !(await this.pay(run, progress))) return 'unpaid';
    if (!(await this.verifiers.takeOver(run, progress, turn.route))) {
      await this.dropped(run, [...progress.tried, ...triedBy(turn, NOT_CALLED)]);
      return 'over';
    }
    turn.state = 'recording';
    turn.begunAt = this.clock.now();
    const deliveryId = await this.records.begin(run, progress.message, turn.route, { now: turn.begunAt });
    if (deliveryId === undefined) return 'over';
    turn.deliveryId = deliveryId;
    progress.begunAt ??= this.clock.now();
    progress.tried = progress.tried.filter((tried) => tried.deliveryId !== deliveryId);
    await this.settleRefused(progress);
    return 'ready';
  }

  /**
   * Once the next vendor is on record, so that nobody is told of a failure meanwhile; before it is waited for, or the next run would doubt them.
   * Not what has waited at a vendor that is still to be called: nobody calls it for a record that has ended.
   */
  private settleRefused({ tried, left }: Progress): Promise<void> {
    const isToBeCalled = ({ provider }: Tried) => left.some((route) => route.provider === provider);
    return this.records.settle(tried.filter((one) => wasNotSent(one.failure) && !isToBeCalled(one)));
  }

  /** With what a run before has paid and had no use for, else anew. @returns false when the counters are spent */
  private async pay({ source, reference }: Run, progress: Progress): Promise<boolean> {
    const isPaid = progress.paidOn !== undefined && (await this.leftOpen.redeem(progress.paidOn));
    if (!isPaid && (await source.charge?.(reference)) === false) return false;
    progress.payment = 'made';
    return true;
  }

  /** Nobody needs it any more. That it was not sent tells nothing of a vendor, nor to a decoy (A55). */
  private async dropped(run: Run, open: readonly Tried[]): Promise<void> {
    const uncalled = open.filter(({ failure }) => failure === NOT_CALLED);
    await this.records.expired(run, { kind: 'expired' }, uncalled);
    await this.records.settle(open.filter((tried) => !uncalled.includes(tried)));
  }

  /** Nothing was sent in this try, nor in one before it: the next run need not doubt it, nor pay for it again. @throws the error */
  private async cutShort(
    run: Run,
    progress: Progress,
    { route, state, begunAt }: Turn,
    error: unknown,
  ): Promise<never> {
    const { aborted, reason } = run.signal as { aborted: boolean; reason: unknown };
    const isCutShort = aborted && [error, (error as Error).cause].includes(reason);
    // The answer of the database may not have come since the process stood still.
    const isUncalled =
      state === 'recording' ? aborted && !(error instanceof OtherRun) : isCutShort && state === 'ready';
    if (isUncalled && begunAt !== undefined) {
      const isInDoubt = doubted(run, route.provider) !== undefined;
      const standing = { isInDoubt, isPaid: progress.payment === 'made', begunAt };
      const left = this.leftOpen.leave(run.reference, route.provider, standing);
      await left.catch((refusal: unknown) => this.logger.error(refusal));
    }
    throw error;
  }

  /** The message is out. Each record is made though the other is refused: either tells the next run that there is nothing to send. */
  private async conclude(run: Run, progress: Progress, { route, deliveryId = '' }: Turn, acceptedAs: string | null) {
    const naming = acceptedAs === null ? undefined : this.verifiers.name(run, progress, route, acceptedAs);
    const [named] = await Promise.allSettled([naming]);
    await this.records.accepted(run, route, deliveryId, acceptedAs, progress.tried);
    if (named.status === 'rejected') throw named.reason;
    return undefined;
  }

  private async failed(
    run: Run,
    progress: Progress,
    turn: Turn,
    before: ReturnType<Verifiers['of']>,
    told: ProviderFailure,
  ): Promise<ProviderFailure | undefined> {
    const { route } = turn;
    const isRepetition = doubted(run, route.provider) !== undefined;
    if (!wasNotSent(told)) progress.payment = 'owed'; // else what was paid for this one pays for the next
    // The vendor knows it by our reference: it had it before the run was cut short (F13).
    if (isRepetition && carriesOurCode(route) && told.kind === 'duplicate')
      return this.conclude(run, progress, turn, null);
    // What the vendor says of the repetition says nothing of what it may have had before.
    const failure = isRepetition ? { ...IN_DOUBT, kind: told.kind } : told;
    for (const tried of triedBy(turn, failure)) {
      this.records.warn(tried);
      progress.tried = [...progress.tried.filter(({ deliveryId }) => deliveryId !== tried.deliveryId), tried];
    }
    if (failure.kind === 'opted_out') await this.optOuts.refused(route.provider, progress.message.phone);
    if (wasNotSent(failure)) await this.verifiers.giveBack(run, progress, before);
    return failure;
  }
}

function triedBy({ deliveryId, route: { provider } }: Turn, failure: ProviderFailure) {
  return deliveryId === undefined ? [] : [{ deliveryId, provider, failure }];
}
