import { Module } from '@nestjs/common';
import { MailDeliveriesStore } from './mail-deliveries.store';
import { MailSender } from './mail-sender.service';
import { MailSources } from './mail-sources.service';
import { MailMetrics } from './mail.metrics';
import { SendMail } from './send-mail.service';
import { SmtpRelay } from './smtp-relay.service';

@Module({
  providers: [MailDeliveriesStore, MailMetrics, MailSources, SmtpRelay, SendMail, MailSender],
  exports: [MailSources, MailSender],
})
export class MailModule {}
