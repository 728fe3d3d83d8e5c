// What a message costs beyond what was taken for it when it was asked for, known once it is handed over (ADR 30, ADR 55).
import { Injectable } from '@nestjs/common';
import { Spending } from '../limits/spending.service';
import { Clock } from '../platform/clock/clock';
import type { MessageReference } from '../sms/contract/message-source';
import { AnotherWayRow, chargeAnotherWay } from './another-way.sql';
import { ChallengeStateStore } from './challenge-state.store';
import { plannedSend } from './challenge.policy';
import { MessageChallenges } from './message-challenges.service';
import { isByOperator } from './otp.types';

@Injectable()
export class MessageCharges {
  constructor(
    private readonly store: ChallengeStateStore,
    private readonly messages: MessageChallenges,
    private readonly spending: Spending,
    private readonly clock: Clock,
  ) {}

  /** As MessageSource has it. A notice that goes where no code was asked for is not refused, like other notices (ADR 55). */
  async charge({ id, send }: MessageReference): Promise<boolean> {
    const challenge = await this.store.findForSending(id);
    if (challenge === undefined) return false;
    if (send === 0) {
      const { share, phone } = plannedSend(challenge.purpose, challenge.phone, null, isByOperator(challenge));
      await this.spending.charge(phone, share, this.clock.now());
      return true;
    }
    const wanted = chargeAnotherWay.with(this.messages.secondVendorParameters(challenge, send));
    return (await this.spending.run<AnotherWayRow>(wanted, { queued: false })).queued;
  }

  /** As MessageSource has it. */
  async chargeMore({ id }: MessageReference, amount: number): Promise<void> {
    const challenge = await this.store.findForSending(id);
    if (challenge === undefined) return;
    const { share } = plannedSend(challenge.purpose, challenge.phone, null, isByOperator(challenge));
    await this.spending.chargeMore(amount, share, this.clock.now());
  }
}
