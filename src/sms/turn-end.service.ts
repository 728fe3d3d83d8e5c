// How the turn of a vendor ends: the message was sent, the vendor did not take it, nobody needs it any more, or the run was cut short.
// Invariant: thanks to the record, the next run never sends a message that was sent, and never pays twice for one hand-over (ADR 93).
import { Injectable, Logger } from '@nestjs/common';
import type { ProviderFailure } from './contract/failure';
import { OtherRun } from './deliveries/deliveries.store';
import { LeftOpen } from './deliveries/left-open.store';
import { IN_DOUBT, NOT_CALLED, type Turn } from './failover.types';
import { OptOuts } from './opt-outs/opt-outs.service';
import { wasNotSent } from './routing/failover.policy';
import { carriesOurCode } from './routing/route.policy';
import { SendEnd } from './send-end.service';
import { SendRecords } from './send-records.service';
import { Verifiers } from './verifiers.service';

@Injectable()
export class TurnEnd {
  private readonly logger = new Logger('sms');

  constructor(
    private readonly records: SendRecords,
    private readonly sendEnd: SendEnd,
    private readonly verifiers: Verifiers,
    private readonly optOuts: OptOuts,
    private readonly leftOpen: LeftOpen,
  ) {}

  /**
   * Nobody needs the message any more. What was not sent counts as expired and not as a failure of the vendor, because decoys imitate
   * failures (A55).
   */
  async drop(turn: Turn): Promise<void> {
    const { run, tried } = turn.progress;
    const open = [...tried, ...triedBy(turn, NOT_CALLED)];
    const uncalled = open.filter(({ failure }) => failure === NOT_CALLED);
    await this.sendEnd.expired(run, { kind: 'expired' }, uncalled);
    await this.records.settle(open.filter((one) => !uncalled.includes(one)));
  }

  /**
   * If this turn certainly has not sent the message, that is recorded, so that the next run is not in doubt and does not pay again.
   * @throws the error
   */
  async cutShort({ progress, route, state, begunAt, isRepetition }: Turn, error: unknown): Promise<never> {
    const { signal, reference } = progress.run;
    const { aborted, reason } = signal as { aborted: boolean; reason: unknown };
    const isCutShort = aborted && [error, (error as Error).cause].includes(reason);
    // An answer of the database may be missing because the process stood still.
    const isUncalled =
      state === 'recording' ? aborted && !(error instanceof OtherRun) : isCutShort && state === 'ready';
    if (isUncalled && begunAt !== undefined) {
      const standing = { isInDoubt: isRepetition, isPaid: progress.payment === 'made', begunAt };
      const left = this.leftOpen.leave(reference, route.provider, standing);
      await left.catch((refusal: unknown) => this.logger.error(refusal));
    }
    throw error;
  }

  /** The message was sent. Both records are tried even if one is refused, because either tells the next run that nothing is to be sent. */
  async accept({ progress, route, deliveryId = '' }: Turn, acceptedAs: string | null): Promise<undefined> {
    const naming = acceptedAs === null ? undefined : this.verifiers.name(progress, route, acceptedAs);
    const [named] = await Promise.allSettled([naming]);
    await this.records.accepted(progress.run, route, deliveryId, acceptedAs, progress.tried);
    if (named.status === 'rejected') throw named.reason;
    return undefined;
  }

  async fail(turn: Turn, told: ProviderFailure): Promise<ProviderFailure | undefined> {
    const { progress, route, isRepetition } = turn;
    if (!wasNotSent(told)) progress.payment = 'owed'; // otherwise the payment for this one is used for the next
    // The vendor knows our reference, so it had the message before the run was cut short (F13).
    if (isRepetition && carriesOurCode(route) && told.kind === 'duplicate') return this.accept(turn, null);
    // What the vendor says about the repetition does not tell whether it had the message before.
    const failure = isRepetition ? { ...IN_DOUBT, kind: told.kind } : told;
    for (const tried of triedBy(turn, failure)) {
      this.records.warn(tried);
      progress.tried = [...progress.tried.filter(({ deliveryId }) => deliveryId !== tried.deliveryId), tried];
    }
    if (failure.kind === 'opted_out') await this.optOuts.refused(route.provider, progress.message.phone);
    if (wasNotSent(failure) && !failure.endedFormer) await this.verifiers.giveBack(progress, turn.verifierBefore);
    return failure;
  }
}

function triedBy({ deliveryId, route: { provider } }: Turn, failure: ProviderFailure) {
  return deliveryId === undefined ? [] : [{ deliveryId, provider, failure }];
}
