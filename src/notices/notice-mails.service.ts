// Composes the mail of a notice when its `mail` job runs. It tells the proved address of the account what the phone is told.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { ProductConfig } from '../config/product.config';
import { MailSources } from '../mail/mail-sources.service';
import type { Mail, MailReference, MailSource } from '../mail/mail.types';
import { Clock } from '../platform/clock/clock';
import { languageOf } from '../platform/text/language';
import { noticeMail } from './notice-mail';
import { isTooLate } from './notice.policy';
import { NoticesStore } from './notices.store';

@Injectable()
export class NoticeMails implements MailSource, OnModuleInit {
  readonly name = 'notice';

  constructor(
    private readonly sources: MailSources,
    private readonly store: NoticesStore,
    private readonly clock: Clock,
    private readonly product: ProductConfig,
  ) {}

  onModuleInit(): void {
    this.sources.register(this);
  }

  async compose({ id }: MailReference): Promise<Mail | undefined> {
    const notice = await this.store.find(id);
    if (notice === undefined || notice.email === null || isTooLate(notice, this.clock.now())) return undefined;
    return { to: notice.email, ...noticeMail(notice.name, languageOf(notice.locale), this.product.APP_NAME) };
  }
}
