// The second half of a vendor-checked code (protocol.md 5): the attempt is spent and committed, now the vendor is asked, once,
// by its verification id, outside any transaction. Whatever is not an explicit yes stays counted.
import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock';
import { AppError } from '../platform/errors/app-error';
import { SmsSender } from '../sms/sms-sender.service';
import { ChallengeStateStore } from './challenge-state.store';
import { Challenges } from './challenges.service';
import { otpErrors } from './otp.errors';
import type { SpentAttempt } from './otp.types';
import { VendorRefusals } from './vendor-refusals';

const RETRY_AFTER_SECONDS = 5;

@Injectable()
export class VendorCheck {
  constructor(
    private readonly sms: SmsSender,
    private readonly store: ChallengeStateStore,
    private readonly challenges: Challenges,
    private readonly refusals: VendorRefusals,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns whether the vendor accepted the code
   * @throws AppError provider_unavailable when the vendor gave no verdict; the attempt stays spent (design D7)
   */
  async approves(spent: SpentAttempt, code: string): Promise<boolean> {
    const { provider, providerVerificationId, challengeId, channel } = spent;
    if (spent.decoy || provider === null || providerVerificationId === null) {
      const { ended } = await this.refusals.pretend();
      if (ended) await this.endVerification(challengeId);
      return false;
    }
    const began = this.clock.now();
    const answer = await this.sms.check(provider, { providerVerificationId, code, channel });
    if (!answer.ok) {
      const reason = `${provider}: ${answer.failure.kind}`;
      throw new AppError(otpErrors.provider_unavailable, { reason, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const { outcome, ended } = answer.value;
    if (outcome === 'approved') return true;
    this.refusals.record({ milliseconds: this.clock.now().getTime() - began.getTime(), ended });
    if (ended) await this.endVerification(challengeId);
    return false;
  }

  // Our challenge lives on: the next verify answers code_expired without asking, and a resend starts a new verification.
  private async endVerification(challengeId: string): Promise<void> {
    const challenge = await this.store.findForSending(challengeId);
    if (challenge === undefined) return;
    const key = this.challenges.cooldownKey(challenge.purpose, challenge.phone);
    await this.store.reopenResend(challengeId, this.clock.now(), true, key);
    await this.sms.endDelivery(challengeId);
  }
}
