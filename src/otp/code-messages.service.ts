// Composes what the `sms` job of a challenge sends, when the job runs: the derived code for a sender, a start for a verification
// service, a notice where no code may go out (decoys of taken numbers, locked accounts). The code exists only inside the returned message.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { HttpConfig } from '../config/http.config';
import { ProductConfig } from '../config/product.config';
import { Clock } from '../platform/clock/clock';
import { Keyring } from '../platform/crypto/keyring';
import type { Message, MessageReference, MessageSource } from '../sms/contract/message-source';
import { MessageSources } from '../sms/message-sources.service';
import { SmsSender } from '../sms/sms-sender.service';
import { ChallengeStateStore, ChallengeToSend } from './challenge-state.store';
import { phaseOf, secondsUntil } from './challenge.policy';
import { Challenges } from './challenges.service';
import { NoticeBudget } from './notice-budget.store';
import { deriveCode, OTP_KEY_INFO } from './otp-code';
import { codeText, noticeText, NoticeName } from './otp-text';
import { isAnonymous, OtpConfig } from './otp.config';
import type { Purpose } from './otp.types';

const NOTICE_TTL_SECONDS = 3600;

@Injectable()
export class CodeMessages implements MessageSource, OnModuleInit {
  readonly name = 'code';
  private readonly logger = new Logger('otp');

  constructor(
    private readonly sources: MessageSources,
    private readonly sms: SmsSender,
    private readonly store: ChallengeStateStore,
    private readonly challenges: Challenges,
    private readonly notices: NoticeBudget,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    private readonly config: OtpConfig,
    private readonly product: ProductConfig,
    private readonly http: HttpConfig,
  ) {}

  onModuleInit(): void {
    this.sources.register(this);
    if (this.sms.sender() === undefined) {
      this.logger.warn(
        'SMS_PROVIDERS has no message sender: no notice can be sent; with verification services only, decoys are easier to tell',
      );
    }
    this.sources.register({ name: 'locked_notice', compose: (reference) => this.composeLockedNotice(reference) });
  }

  async compose(reference: MessageReference): Promise<Message> {
    const challenge = await this.store.findForSending(reference.id);
    const now = this.clock.now();
    if (challenge === undefined || phaseOf(challenge, now) !== 'pending') return { kind: 'expired' };
    if (challenge.decoy) return this.notice('register_attempt', challenge);
    const route = this.sms.route(isAnonymous(challenge.purpose));
    const { phone, channel, locale } = challenge;
    if (route.kind === 'service') {
      const running = challenge.verifier === route.provider && !challenge.vendorEnded ? challenge.vendorRef : null;
      return { kind: 'verification', provider: route.provider, phone, channel, locale, runningVerificationId: running };
    }
    const { provider } = route;
    const ttlSeconds = secondsUntil(challenge.expiresAt, now);
    const code = deriveCode(this.keyring.derive(OTP_KEY_INFO, challenge.keyId), challenge);
    if (route.kind === 'code-sender') return { kind: 'code', provider, phone, channel, code, locale, ttlSeconds };
    return { kind: 'text', provider, phone, text: this.text(code, challenge.purpose), ttlSeconds };
  }

  async verifierIs(
    reference: MessageReference,
    provider: string,
    providerVerificationId: string | null,
  ): Promise<void> {
    await this.store.verifierIs(reference.id, provider, providerVerificationId);
  }

  async sendFailed(reference: MessageReference): Promise<void> {
    const challenge = await this.store.findForSending(reference.id);
    if (challenge === undefined) return;
    const key = this.challenges.cooldownKey(challenge.purpose, challenge.phone);
    await this.store.reopenResend(reference.id, this.clock.now(), false, key);
  }

  private async composeLockedNotice(reference: MessageReference): Promise<Message> {
    const challenge = await this.store.findForSending(reference.id);
    return challenge === undefined ? { kind: 'expired' } : this.notice('factor_locked', challenge);
  }

  private text(code: string, purpose: Purpose): string {
    const origin = this.config.OTP_ORIGIN ?? new URL(this.http.PUBLIC_URL ?? 'http://localhost').hostname;
    return codeText(code, purpose, this.product.APP_NAME, origin);
  }

  // Services cannot carry a notice; without a sender, or after today's one, the delivery is only recorded, so that the
  // status of a decoy runs like any other. Its challenge then names the service, so that verifying it looks like asking.
  private async notice(name: NoticeName, { id, phone, purpose, decoy }: ChallengeToSend): Promise<Message> {
    const sender = this.sms.sender();
    const route = this.sms.route(isAnonymous(purpose));
    if (decoy && route.kind === 'service') await this.store.verifierIs(id, route.provider, null);
    const due = await this.notices.claim(name, phone, sender !== undefined);
    if (sender === undefined || !due) return { kind: 'pretend', phone };
    const text = noticeText(name, this.product.APP_NAME);
    return { kind: 'text', provider: sender.provider, phone, text, ttlSeconds: NOTICE_TTL_SECONDS };
  }
}
