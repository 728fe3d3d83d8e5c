// What the `sms` job of a challenge sends where no code may go out, for decoys and locked accounts: at most a notice to the number's owner.
// Its delivery looks like that of a code (A55).
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { ProductConfig } from '../config/product.config';
import { MailSender } from '../mail/mail-sender.service';
import type { Message, MessageReference, PretendedMessage, TextMessage } from '../sms/contract/message-source';
import { MessageSources } from '../sms/message-sources.service';
import { SmsSender } from '../sms/sms-sender.service';
import type { ChallengeNoticeName } from './challenge-notice-texts';
import { CodeText } from './code-text.service';
import { ChallengeStateStore } from './challenge-state.store';
import { verifierOf } from './challenge.policy';
import { MessageCharges } from './message-charges.service';
import { challengeNoticeText, noticeLanguage } from './message-text';
import { NoticeBudget } from './notice-budget.store';
import { type ChallengeByMessage, type ChallengeToSend, isAnonymous } from './otp.types';

const NOTICE_TTL_SECONDS = 3600;

@Injectable()
export class PretendedMessages implements OnModuleInit {
  private readonly logger = new Logger('otp');

  constructor(
    private readonly sources: MessageSources,
    private readonly sms: SmsSender,
    private readonly mail: MailSender,
    private readonly store: ChallengeStateStore,
    private readonly notices: NoticeBudget,
    private readonly charges: MessageCharges,
    private readonly text: CodeText,
    private readonly product: ProductConfig,
  ) {}

  onModuleInit(): void {
    if (!this.sms.carriesText()) {
      this.logger.warn(
        'SMS_PROVIDERS has no message sender: no notice can be sent; with verification services only, decoys are easier to tell',
      );
    }
    this.sources.register({
      name: 'locked_notice',
      compose: (reference) => this.ofLocked(reference),
      charge: (reference) => this.charges.charge(reference),
      chargeMore: (reference, amount) => this.charges.chargeMore(reference, amount),
    });
  }

  /**
   * A service cannot carry a notice. Without a message sender, or after today's notice, only a delivery is recorded. The challenge names
   * the service that would have been asked, so that verifying a code takes as long as if it were asked.
   * @param name the notice to send; undefined for none
   */
  async of(challenge: ChallengeByMessage, name: ChallengeNoticeName | undefined): Promise<PretendedMessage> {
    const { phone, channel, purpose, vendorEnded: verificationEnded } = challenge;
    return {
      kind: 'pretend',
      phone,
      channel,
      anonymous: isAnonymous(purpose),
      verifier: verifierOf(challenge),
      verificationEnded,
      segments: this.text.segments(challenge),
      notice: name === undefined ? null : await this.dueNotice(name, challenge),
    };
  }

  private async ofLocked({ id }: MessageReference): Promise<Message> {
    const challenge = await this.store.findByMessage(id);
    return challenge === undefined ? { kind: 'expired' } : this.of(challenge, 'factor_locked');
  }

  private async dueNotice(
    name: ChallengeNoticeName,
    { id, purpose, phone, email, locale, toldLocale }: ChallengeToSend,
  ): Promise<TextMessage | null> {
    // The number that an account asks to move to is not its owner's: whoever has it is told nothing of the account.
    const isOwners = purpose !== 'phone_change';
    const deliverable = this.sms.carriesText(phone);
    const mailedOf = email !== null && this.mail.sends ? id : null;
    const due = await this.notices.take(name, phone, deliverable || !isOwners, mailedOf);
    const text = challengeNoticeText(name, noticeLanguage(name, { locale, toldLocale }), this.product.APP_NAME);
    return deliverable && isOwners && due ? { kind: 'text', phone, text, ttlSeconds: NOTICE_TTL_SECONDS } : null;
  }
}
