import { Module } from '@nestjs/common';
import { DeliveriesStore } from './deliveries/deliveries.store';
import { MessageSources } from './message-sources.service';
import { Vendors } from './routing/vendors.service';
import { SendMessage } from './send-message.service';
import { SmsSender } from './sms-sender.service';

@Module({
  providers: [Vendors, DeliveriesStore, MessageSources, SendMessage, SmsSender],
  exports: [SmsSender, MessageSources],
})
export class SmsModule {}
