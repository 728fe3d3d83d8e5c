// The second half of a code that a vendor checks (protocol.md 5). The attempt is already spent and committed. Now the vendor is asked once, by its
// verification id, outside of any transaction. The attempt stays counted unless the answer is a clear yes.
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AppError } from '../platform/errors/app-error';
import { SmsSender } from '../sms/sms-sender.service';
import { ChallengeStateStore } from './challenge-state.store';
import { Challenges } from './challenges.service';
import { otpErrors } from './otp.errors';
import type { SpentAttempt } from './otp.types';
import { PretendedVerifications } from './pretended-verifications.service';
import { VendorLatency } from './vendor-latency';

const RETRY_AFTER_SECONDS = 5;
const ID_LOOKS = 40;
const ID_LOOK_EVERY_MILLISECONDS = 50;

@Injectable()
export class VendorCheck {
  constructor(
    private readonly sms: SmsSender,
    private readonly store: ChallengeStateStore,
    private readonly challenges: Challenges,
    private readonly pretended: PretendedVerifications,
    private readonly latency: VendorLatency,
  ) {}

  /**
   * @returns the id of the verification that the vendor approved this code for, or undefined
   * @throws AppError provider_unavailable when the vendor gave no verdict; the attempt stays spent (design D7)
   */
  async approves(spent: SpentAttempt, code: string): Promise<string | undefined> {
    const { provider, challengeId, channel, decoy } = spent;
    if (provider === null) return undefined;
    const providerVerificationId = spent.providerVerificationId ?? (await this.idOnceKnown(challengeId));
    if (decoy || providerVerificationId === null) await this.latency.pretend();
    if (providerVerificationId === null) return undefined;
    if (decoy) return this.refuseLikeVendor(challengeId, provider);
    const began = performance.now();
    const answer = await this.sms.check(provider, { providerVerificationId, code, channel });
    if (!answer.ok) {
      const reason = `${provider}: ${answer.failure.kind}`;
      throw new AppError(otpErrors.provider_unavailable, { reason, retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    const { outcome, ended } = answer.value;
    if (outcome === 'approved') return providerVerificationId;
    this.latency.record(performance.now() - began);
    if (ended) await this.endVerification(challengeId);
    return undefined;
  }

  private async refuseLikeVendor(challengeId: string, provider: string): Promise<undefined> {
    if (await this.pretended.refuse(challengeId, provider)) await this.endVerification(challengeId);
  }

  // The message can be on the phone before the vendor's answer with the id has reached us. So this waits for the id, unless the send has
  // failed. A decoy waits in the same way, until its send has ended (A55).
  private async idOnceKnown(challengeId: string): Promise<string | null> {
    for (let looks = 0; looks < ID_LOOKS; looks++) {
      const challenge = await this.store.findForSending(challengeId);
      const known = challenge?.vendorRef ?? null;
      if (known !== null || (await this.sms.isLost(challengeId))) return known;
      await wait(ID_LOOK_EVERY_MILLISECONDS);
    }
    return null;
  }

  // The challenge itself stays: the next verify answers code_expired without asking the vendor, and a resend starts a new verification.
  private async endVerification(challengeId: string): Promise<void> {
    const challenge = await this.store.findForSending(challengeId);
    if (challenge === undefined) return;
    await this.challenges.reopenAfterVendorEnd(challenge);
    await this.sms.endDelivery(challengeId);
  }
}
