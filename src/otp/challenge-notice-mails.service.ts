// Composes the mails of notices that go out in place of a code. They go to the proved address that the challenge keeps of the account's owner:
// beside the message to the phone (code-messages.service.ts), or in its place where the account has no phone (A98).
import { Injectable, OnModuleInit } from '@nestjs/common';
import { ProductConfig } from '../config/product.config';
import { MailSources } from '../mail/mail-sources.service';
import type { Mail, MailReference } from '../mail/mail.types';
import { Clock } from '../platform/clock/clock';
import { languageOf } from '../platform/text/language';
import { noticeSubject } from '../platform/text/notice-subject';
import { ChallengeStateStore } from './challenge-state.store';
import { type NoticeName } from './challenge-notice-texts';
import { noticeText } from './message-text';

/** Names under which they register with MailSources. */
export const sourceOf: Readonly<Record<NoticeName, string>> = {
  factor_locked: 'locked_notice',
  register_attempt: 'register_notice',
};

/** For so long after the end of the challenge the mail may still go out, for a relay that was away. */
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

  private async compose(name: NoticeName, { id }: MailReference): Promise<Mail | undefined> {
    const challenge = await this.store.findForSending(id);
    if (challenge === undefined || challenge.email === null) return undefined;
    if (challenge.expiresAt.getTime() + LATE_MS < this.clock.now().getTime()) return undefined;
    const { email: to, locale } = challenge;
    const [language, app] = [languageOf(locale), this.product.APP_NAME];
    return { to, subject: noticeSubject(language, app), text: `${noticeText(name, language, app)}\n` };
  }
}
