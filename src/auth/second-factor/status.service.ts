// How a challenge stands, for the holder of its token. Decoys answer like all others.
import { Injectable } from '@nestjs/common';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeStanding, ChallengeToken } from '../../otp/otp.types';
import { Challenges } from '../../otp/challenges.service';
import type { StatusResponse } from './second-factor.response';

type DeliveryState = NonNullable<Awaited<ReturnType<ChallengeView['deliveryOf']>>>;

@Injectable()
export class StatusService {
  constructor(
    private readonly challenges: Challenges,
    private readonly view: ChallengeView,
  ) {}

  /** @throws AppError token_invalid */
  async status(token: string): Promise<StatusResponse> {
    const challenge = this.challenges.parse(token);
    const found = await this.challenges.demand(challenge);
    const delivery = await this.deliveryShown(found);
    // When a send has failed, first the challenge allows the next send, then the delivery shows as failed. So the challenge is read again then.
    const state = await this.stateAfter(delivery?.status === 'failed', challenge, found);
    // Without a send there is no delivery to show. The notice of a locked factor does not belong to the challenge.
    if (state.sendsCount === 0) return this.withoutSend(token, state);
    // A newer send whose job has not begun shows as queued, whatever became of the one before.
    const current = newest(delivery, state);
    return {
      ...this.view.ofState(token, state, current),
      state: state.phase,
      delivery: current?.status ?? 'queued',
      deliveryFailure: this.view.failureTold(state, current),
      deliveryUpdatedAt: iso(current?.updatedAt),
      codesVoidBefore: iso(delivery?.codesVoidBefore),
      next: nextSteps(state, this.view.channels(state), current),
    };
  }

  // A stranger may have asked for a reset. What became of its message would tell them whether there is an account.
  private async deliveryShown(state: ChallengeStanding) {
    return state.purpose === 'reset' ? undefined : this.view.deliveryOf(state);
  }

  private withoutSend(token: string, state: ChallengeStanding): StatusResponse {
    return {
      ...this.view.ofState(token, state),
      state: state.phase,
      delivery: 'none',
      deliveryFailure: null,
      deliveryUpdatedAt: null,
      codesVoidBefore: null,
      next: nextSteps(state, this.view.channels(state)),
    };
  }

  private async stateAfter(failed: boolean, challenge: ChallengeToken, found: ChallengeStanding) {
    return (failed ? await this.challenges.find(challenge) : undefined) ?? found;
  }
}

function newest(delivery: DeliveryState | undefined, { sendsCount }: ChallengeStanding): DeliveryState | undefined {
  return delivery !== undefined && delivery.send >= sendsCount ? delivery : undefined;
}

function iso(instant: Date | null | undefined): string | null {
  return instant?.toISOString() ?? null;
}

function nextSteps(state: ChallengeStanding, channels: readonly string[], delivery?: DeliveryState): string[] {
  if (state.phase !== 'pending') return state.phase === 'verified' ? [] : ['restart'];
  const failed = delivery?.status === 'failed';
  // What did not arrive as a text may arrive as a call.
  const isOther = (channel: string) => (delivery?.failure ?? null) !== null && channel !== state.channel;
  const ways = channels.toSorted((one, other) => Number(isOther(other)) - Number(isOther(one)));
  const resends = state.resendAfterSeconds === 0 ? ways.map((channel) => `resend_${channel}`) : [];
  // A person with an app can go on without the message.
  if (failed && isByCode(state)) return resends.length > 0 ? resends : ['restart'];
  return ['verify', ...(resends.length > 0 ? resends : ['wait'])];
}

function isByCode({ methods }: ChallengeStanding): boolean {
  return methods[0] === 'sms' || methods[0] === 'email';
}
