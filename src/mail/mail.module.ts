import { Module } from '@nestjs/common';
import { MailDeliveriesStore } from './mail-deliveries.store';
import { MailSender } from './mail-sender.service';
import { MailSources } from './mail-sources.service';
import { MailMetrics } from './mail.metrics';
import { SendMail } from './send-mail.service';
import { SmtpRelay } from './smtp-relay.service';

/** Sends mail through the relay of the operator, if there is one. Other modules compose the mails. */
@Module({
  providers: [MailDeliveriesStore, MailMetrics, MailSources, SmtpRelay, SendMail, MailSender],
  exports: [MailSources, MailSender],
})
export class MailModule {}
