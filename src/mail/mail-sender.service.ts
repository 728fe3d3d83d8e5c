// What otp and notices may ask of this module. To send a mail, a statement of theirs puts a job into the queue (mail.sql.ts).
import { Injectable } from '@nestjs/common';
import { MailDeliveriesStore } from './mail-deliveries.store';
import { MailConfig } from './mail.config';
import type { MailDeliveryState } from './mail.types';

@Injectable()
export class MailSender {
  constructor(
    private readonly config: MailConfig,
    private readonly deliveries: MailDeliveriesStore,
  ) {}

  /** Whether mail can be sent, because there is a relay. */
  get sends(): boolean {
    return this.config.relay !== undefined;
  }

  deliveryOf(referenceId: string): Promise<MailDeliveryState | undefined> {
    return this.deliveries.newest(referenceId);
  }
}
