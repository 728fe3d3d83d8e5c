// Composes the mails of notices that are sent instead of a code. They go to the owner's proved address, which the challenge keeps: in addition to the
// message to the phone (code-messages.service.ts), or instead of it when the account has no phone (A98).
import { Injectable, OnModuleInit } from '@nestjs/common';
import { ProductConfig } from '../config/product.config';
import { MailSources } from '../mail/mail-sources.service';
import type { Mail, MailReference } from '../mail/mail.types';
import { Clock } from '../platform/clock/clock';
import { noticeSubject } from '../platform/text/notice-subject';
import { ChallengeStateStore } from './challenge-state.store';
import type { ChallengeNoticeName } from './challenge-notice-texts';
import { challengeNoticeText, noticeLanguage } from './message-text';

/** The names of these mails as sources (MailSources). */
export const sourceOf: Readonly<Record<ChallengeNoticeName, string>> = {
  factor_locked: 'locked_notice',
  register_attempt: 'register_notice',
};

/** How long after the end of the challenge such a mail may still be sent, for example when the relay was away. */
const LATE_MS = 3_600_000;

@Injectable()
export class ChallengeNoticeMails implements OnModuleInit {
  constructor(
    private readonly sources: MailSources,
    private readonly store: ChallengeStateStore,
    private readonly clock: Clock,
    private readonly product: ProductConfig,
  ) {}

  onModuleInit(): void {
    for (const name of ['factor_locked', 'register_attempt'] as const) {
      this.sources.register({ name: sourceOf[name], compose: (reference) => this.compose(name, reference) });
    }
  }

  private async compose(name: ChallengeNoticeName, { id }: MailReference): Promise<Mail | undefined> {
    const challenge = await this.store.findForSending(id);
    if (challenge === undefined || challenge.email === null) return undefined;
    if (challenge.expiresAt.getTime() + LATE_MS < this.clock.now().getTime()) return undefined;
    const { email: to } = challenge;
    const [language, app] = [noticeLanguage(name, challenge), this.product.APP_NAME];
    return { to, subject: noticeSubject(language, app), text: `${challengeNoticeText(name, language, app)}\n` };
  }
}
