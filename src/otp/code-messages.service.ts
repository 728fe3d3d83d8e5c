// Composes what the `sms` job of a challenge sends, when the job runs: the derived code for a sender, a start for a verification
// service, a notice where no code may go out (decoys of taken numbers, locked accounts). The code exists only inside the returned message.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { HttpConfig } from '../config/http.config';
import { ProductConfig } from '../config/product.config';
import type { Tx } from '../database/transactions';
import { Spending } from '../limits/spending.service';
import { MailSender } from '../mail/mail-sender.service';
import { Clock } from '../platform/clock/clock';
import { Keyring } from '../platform/crypto/keyring';
import { languageOf } from '../platform/text/language';
import type {
  Message,
  MessageOutcome,
  MessageReference,
  MessageSource,
  OwnCode,
  TextMessage,
  VerifierState,
} from '../sms/contract/message-source';
import { MessageSources } from '../sms/message-sources.service';
import { SmsSender } from '../sms/sms-sender.service';
import { AnotherWayRow, chargeAnotherWay, sendAnotherWay } from './another-way.sql';
import { ChallengeStateStore, ChallengeToSend } from './challenge-state.store';
import { failureReopensResend, phaseOf, secondsUntil } from './challenge.policy';
import { Challenges } from './challenges.service';
import { MessageChallenges } from './message-challenges.service';
import { NoticeBudget } from './notice-budget.store';
import { deriveCode, OTP_KEY_INFO } from './otp-code';
import type { NoticeName } from './challenge-notice-texts';
import { codeText, Letterhead, noticeText } from './message-text';
import { PretendedVerifications } from './pretended-verifications.service';
import { OtpConfig } from './otp.config';
import { type ChallengeStanding, type Channel, isAnonymous } from './otp.types';

const NOTICE_TTL_SECONDS = 3600;

type ByMessage = ChallengeToSend & { readonly channel: Channel };

@Injectable()
export class CodeMessages implements MessageSource, OnModuleInit {
  readonly name = 'code';
  private readonly logger = new Logger('otp');
  private readonly letterhead: Letterhead;

  constructor(
    private readonly sources: MessageSources,
    private readonly sms: SmsSender,
    private readonly mail: MailSender,
    private readonly store: ChallengeStateStore,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly pretended: PretendedVerifications,
    private readonly spending: Spending,
    private readonly notices: NoticeBudget,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    config: OtpConfig,
    private readonly product: ProductConfig,
    http: HttpConfig,
  ) {
    const { OTP_ORIGIN, OTP_ANDROID_APP_HASH: androidAppHash } = config;
    const origin = OTP_ORIGIN ?? new URL(http.PUBLIC_URL ?? 'http://localhost').hostname;
    this.letterhead = { app: product.APP_NAME, origin, androidAppHash };
  }

  onModuleInit(): void {
    this.sources.register(this);
    if (!this.sms.carriesText()) {
      this.logger.warn(
        'SMS_PROVIDERS has no message sender: no notice can be sent; with verification services only, decoys are easier to tell',
      );
    }
    this.sources.register({ name: 'locked_notice', compose: (reference) => this.composeLockedNotice(reference) });
  }

  async compose(reference: MessageReference): Promise<Message> {
    const challenge = await this.find(reference);
    const now = this.clock.now();
    if (challenge === undefined) return { kind: 'expired' };
    const { phone, channel, locale, purpose, expiresAt } = challenge;
    // The person has asked for a newer send meanwhile. From a service this one would void the code that they have by now; ours would only cost.
    if (reference.send > 0 && reference.send < challenge.sendsCount) return { kind: 'expired', phone };
    const phase = phaseOf(challenge, now);
    if (phase === 'verified' && challenge.verifiedBy !== null) return { kind: 'expired', phone };
    if (phase !== 'pending') return { kind: 'expired', phone, ...reasons[phase] };
    if (challenge.decoy) return this.pretence(purpose === 'register' ? 'register_attempt' : undefined, challenge);
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
    return this.pretended.begin(reference.id, provider);
  }

  outcomesOf(ids: readonly string[]): Promise<readonly MessageOutcome[]> {
    return this.store.outcomes(ids, this.clock.now());
  }

  async sendFailed(reference: MessageReference): Promise<void> {
    const challenge = await this.store.findForSending(reference.id);
    if (challenge === undefined || !failureReopensResend(challenge)) return;
    await this.challenges.reopenResend(challenge, false);
  }

  async sendAnotherWay(tx: Tx, reference: MessageReference, tried: ReadonlySet<string | null>): Promise<boolean> {
    const challenge = await this.find(reference);
    if (challenge === undefined) return false;
    const { phone, channel, purpose } = challenge;
    if (!this.sms.isWayLeft(phone, { channel, anonymous: isAnonymous(purpose) }, tried)) return false;
    const wanted = sendAnotherWay.with(this.messages.anotherWayParameters(challenge, reference.send));
    return (await this.spending.runWithin<AnotherWayRow>(tx, wanted))?.queued ?? false;
  }

  async charge({ id, send }: MessageReference): Promise<boolean> {
    const challenge = await this.store.findForSending(id);
    if (challenge === undefined) return false;
    const wanted = chargeAnotherWay.with(this.messages.secondVendorParameters(challenge, send));
    return (await this.spending.run<AnotherWayRow>(wanted, { queued: false })).queued;
  }

  private async composeLockedNotice(reference: MessageReference): Promise<Message> {
    const challenge = await this.find(reference);
    return challenge === undefined ? { kind: 'expired' } : this.pretence('factor_locked', challenge);
  }

  /** @returns undefined also for a challenge whose codes go by mail (code-mails.service.ts) */
  private async find({ id }: MessageReference): Promise<ByMessage | undefined> {
    const challenge = await this.store.findForSending(id);
    return challenge?.channel === 'email' ? undefined : (challenge as ByMessage | undefined);
  }

  private ownCode(challenge: ChallengeToSend): OwnCode {
    const code = deriveCode(this.keyring.derive(OTP_KEY_INFO, challenge.keyId), challenge);
    return { code, text: codeText(code, challenge.purpose, languageOf(challenge.locale), this.letterhead) };
  }

  // Services cannot carry a notice: without a sender, or after today's notice, only a delivery is recorded. The challenge names the service
  // that would have been asked, so that verifying a code takes as long as asking it.
  private async pretence(name: NoticeName | undefined, challenge: ByMessage): Promise<Message> {
    const { phone, channel, purpose, vendorEnded: verificationEnded } = challenge;
    return {
      kind: 'pretend',
      phone,
      channel,
      anonymous: isAnonymous(purpose),
      verifier: verifierOf(challenge),
      verificationEnded,
      notice: name === undefined ? null : await this.dueNotice(name, challenge),
    };
  }

  private async dueNotice(
    name: NoticeName,
    { id, phone, email, locale }: ChallengeToSend,
  ): Promise<TextMessage | null> {
    const deliverable = this.sms.carriesText(phone);
    const due = await this.notices.claim(name, phone, deliverable, email !== null && this.mail.sends ? id : null);
    const text = noticeText(name, languageOf(locale), this.product.APP_NAME);
    return deliverable && due ? { kind: 'text', phone, text, ttlSeconds: NOTICE_TTL_SECONDS } : null;
  }
}

const reasons: Readonly<Record<Exclude<ChallengeStanding['phase'], 'pending'>, { why?: 'late' | 'verified' }>> = {
  expired: { why: 'late' },
  verified: { why: 'verified' },
  superseded: {},
  locked: {},
};

/** The text is wanted twice, to count its segments and to send it. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function verifierOf({ verifier, vendorRef }: ChallengeToSend): VerifierState {
  return { provider: verifier, verificationId: vendorRef };
}
