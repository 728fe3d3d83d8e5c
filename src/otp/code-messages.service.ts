// Composes the message of a challenge when its job runs: the derived code for a sender, or a start for a verification service. Where no
// code may be sent, pretended-messages.service.ts composes it. The derived code exists only in the returned message.
import { Injectable, OnModuleInit } from '@nestjs/common';
import type { Tx } from '../database/transactions';
import { Spending } from '../limits/spending.service';
import { Clock } from '../platform/clock/clock';
import { secondsUntil } from '../platform/time/seconds';
import { Keyring } from '../platform/crypto/keyring';
import type {
  Message,
  MessageOutcome,
  MessageReference,
  MessageSource,
  OwnCode,
  VerifierState,
} from '../sms/contract/message-source';
import { MessageSources } from '../sms/message-sources.service';
import { SmsSender } from '../sms/sms-sender.service';
import { AnotherWayRow, sendAnotherWay } from './another-way.sql';
import { ChallengeStateStore } from './challenge-state.store';
import { failureReopensResend, phaseOf, verifierOf } from './challenge.policy';
import { Challenges } from './challenges.service';
import { CodeText } from './code-text.service';
import { CrowdedNumbers } from './crowded-numbers.store';
import { MessageCharges } from './message-charges.service';
import { MessageChallenges } from './message-challenges.service';
import { deriveCode, OTP_KEY_INFO } from './otp-code';
import { PretendedMessages } from './pretended-messages.service';
import { PretendedVerifications } from './pretended-verifications.service';
import { type ChallengeStanding, type ChallengeToSend, isAnonymous, isStartedReset, mayUseReserve } from './otp.types';

@Injectable()
export class CodeMessages implements MessageSource, OnModuleInit {
  readonly name = 'code';

  constructor(
    private readonly sources: MessageSources,
    private readonly sms: SmsSender,
    private readonly store: ChallengeStateStore,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly pretendedMessages: PretendedMessages,
    private readonly pretendedVerifications: PretendedVerifications,
    private readonly crowdedNumbers: CrowdedNumbers,
    private readonly charges: MessageCharges,
    private readonly spending: Spending,
    private readonly text: CodeText,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.sources.register(this);
  }

  async compose(reference: MessageReference): Promise<Message> {
    const challenge = await this.store.findByMessage(reference.id);
    const now = this.clock.now();
    if (challenge === undefined) return { kind: 'expired' };
    const { phone, channel, locale, purpose, expiresAt } = challenge;
    // The person has asked for a newer send meanwhile. A code of a service would now void the newer one; a code of ours would only cost money.
    if (reference.send > 0 && reference.send < challenge.sendsCount) return { kind: 'expired', phone };
    const phase = phaseOf(challenge, now);
    if (phase === 'verified' && challenge.verifiedBy !== null) return { kind: 'expired', phone };
    if (phase !== 'pending') return { kind: 'expired', phone, ...reasons[phase] };
    if (challenge.decoy) {
      return this.pretendedMessages.of(challenge, purpose === 'register' ? 'register_attempt' : undefined);
    }
    if (await this.isTooMany(challenge, reference)) return { kind: 'expired', phone, why: 'late' };
    return {
      kind: 'code',
      phone,
      channel,
      anonymous: isAnonymous(purpose),
      locale,
      ttlSeconds: secondsUntil(expiresAt, now),
      verifier: verifierOf(challenge),
      verificationEnded: challenge.vendorEnded,
      ownCode: once(() => this.ownCode(challenge)),
    };
  }

  changeVerifier(reference: MessageReference, from: VerifierState, to: VerifierState): Promise<boolean> {
    return this.store.changeVerifier(reference.id, from, to);
  }

  pretendVerification(reference: MessageReference, provider: string): Promise<string | undefined> {
    return this.pretendedVerifications.begin(reference.id, provider);
  }

  outcomesOf(ids: readonly string[]): Promise<readonly MessageOutcome[]> {
    return this.store.outcomes(ids, this.clock.now());
  }

  async sendFailed(reference: MessageReference): Promise<void> {
    const challenge = await this.store.findForSending(reference.id);
    if (challenge === undefined || !failureReopensResend(challenge)) return;
    await this.challenges.reopenAfterFailure(challenge);
  }

  async sendAnotherWay(tx: Tx, reference: MessageReference, tried: ReadonlySet<string | null>): Promise<boolean> {
    const challenge = await this.store.findByMessage(reference.id);
    if (challenge === undefined) return false;
    const { phone, channel, purpose } = challenge;
    if (!this.sms.isWayLeft(phone, { channel, anonymous: isAnonymous(purpose) }, tried)) return false;
    const ask = (reserve: boolean): Promise<AnotherWayRow> => {
      const parameters = this.messages.anotherWayParameters(challenge, reference.send, reserve);
      return this.spending.runWithin<AnotherWayRow>(tx, sendAnotherWay.with(parameters), { queued: false });
    };
    const first = await ask(false);
    const isKeptForIt = first.refusal === 'limit' && mayUseReserve(challenge, reference.send - 1);
    return (isKeptForIt ? await ask(true) : first).queued;
  }

  charge(reference: MessageReference): Promise<boolean> {
    return this.charges.charge(reference);
  }

  chargeMore(reference: MessageReference, amount: number): Promise<void> {
    return this.charges.chargeMore(reference, amount);
  }

  /**
   * For resets that are asked for both by number and by address. The message is recorded as not sent; nobody sees that, as a reset shows no
   * delivery (A55).
   */
  private async isTooMany(challenge: ChallengeToSend, { send }: MessageReference): Promise<boolean> {
    if (challenge.purpose !== 'reset' || isStartedReset(challenge)) return false;
    return this.crowdedNumbers.isCrowded(challenge.id, send);
  }

  private ownCode(challenge: ChallengeToSend): OwnCode {
    const code = deriveCode(this.keyring.derive(OTP_KEY_INFO, challenge.keyId), challenge);
    return { code, text: this.text.of(challenge, code) };
  }
}

const reasons: Readonly<Record<Exclude<ChallengeStanding['phase'], 'pending'>, { why?: 'late' | 'verified' }>> = {
  expired: { why: 'late' },
  verified: { why: 'verified' },
  superseded: {},
  locked: {},
};

/** The text is needed twice: to count its segments, and to send it. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
