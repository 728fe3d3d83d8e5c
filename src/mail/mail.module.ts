import { Module } from '@nestjs/common';
import { MailDeliveriesStore } from './mail-deliveries.store';
import { MailSender } from './mail-sender.service';
import { MailSources } from './mail-sources.service';
import { SendMail } from './send-mail.service';
import { SmtpRelay } from './smtp-relay.service';

@Module({
  providers: [MailDeliveriesStore, MailSources, SmtpRelay, SendMail, MailSender],
  exports: [MailSources, MailSender],
})
export class MailModule {}
