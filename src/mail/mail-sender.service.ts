// What otp and notices may ask of mail. They send a mail by a job that a statement of theirs puts into the queue (mail.sql.ts).
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

  /** Whether there is a relay. */
  get sends(): boolean {
    return this.config.relay !== undefined;
  }

  deliveryOf(referenceId: string): Promise<MailDeliveryState | undefined> {
    return this.deliveries.newest(referenceId);
  }
}
