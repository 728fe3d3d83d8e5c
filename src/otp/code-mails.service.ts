// Composes the mail of a challenge when its job runs. The derived code exists only in the returned mail.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { ProductConfig } from '../config/product.config';
import { MailSources } from '../mail/mail-sources.service';
import type { Mail, MailReference, MailSource } from '../mail/mail.types';
import { Clock } from '../platform/clock/clock';
import { Keyring } from '../platform/crypto/keyring';
import { languageOf } from '../platform/text/language';
import { failureReopensResend, phaseOf } from './challenge.policy';
import { ChallengeStateStore } from './challenge-state.store';
import { Challenges } from './challenges.service';
import { codeMail } from './code-mail';
import { deriveCode, mailedCode, OTP_KEY_INFO } from './otp-code';

@Injectable()
export class CodeMails implements MailSource, OnModuleInit {
  readonly name = 'code';

  constructor(
    private readonly sources: MailSources,
    private readonly store: ChallengeStateStore,
    private readonly challenges: Challenges,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    private readonly product: ProductConfig,
  ) {}

  onModuleInit(): void {
    this.sources.register(this);
  }

  async compose({ id }: MailReference): Promise<Mail | undefined> {
    const challenge = await this.store.findForSending(id);
    if (challenge === undefined || challenge.email === null || challenge.decoy) return undefined;
    if (phaseOf(challenge, this.clock.now()) !== 'pending') return undefined;
    const code = deriveCode(this.keyring.derive(OTP_KEY_INFO, challenge.keyId), mailedCode(challenge));
    const { purpose, locale, email } = challenge;
    return { to: email, ...codeMail(code, purpose, languageOf(locale), this.product.APP_NAME) };
  }

  async sendFailed({ id }: MailReference): Promise<void> {
    const challenge = await this.store.findForSending(id);
    if (challenge === undefined || !failureReopensResend(challenge)) return;
    await this.challenges.reopenAfterFailure(challenge);
  }
}
