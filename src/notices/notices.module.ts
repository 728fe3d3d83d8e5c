import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module';
import { SmsModule } from '../sms/sms.module';
import { MailModule } from '../mail/mail.module';
import { NoticeMails } from './notice-mails.service';
import { NoticeMessages } from './notice-messages.service';
import { NoticesStore } from './notices.store';

/** Tells people what happened to their account. The statement that makes the change queues the notice with `queueNotice` (notices.sql.ts). */
@Module({
  imports: [SmsModule, MailModule, LimitsModule],
  providers: [NoticeMessages, NoticeMails, NoticesStore],
})
export class NoticesModule {}
