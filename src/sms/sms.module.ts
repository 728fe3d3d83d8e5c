import { Module } from '@nestjs/common';
import { DeliveriesStore } from './deliveries/deliveries.store';
import { Failover } from './failover.service';
import { HandOver } from './hand-over.service';
import { MessageSources } from './message-sources.service';
import { Pretence } from './pretence.service';
import { ReceiptsController } from './receipts/receipts.controller';
import { Receipts } from './receipts/receipts.service';
import { ReceiptsStore } from './receipts/receipts.store';
import { RejectedWebhooks } from './receipts/rejected-webhooks.service';
import { Webhooks } from './receipts/webhooks.service';
import { Routing } from './routing/routing.service';
import { VendorHealth } from './routing/vendor-health.service';
import { Vendors } from './routing/vendors.service';
import { SendMessage } from './send-message.service';
import { SendRecords } from './send-records.service';
import { SmsSender } from './sms-sender.service';

@Module({
  controllers: [ReceiptsController],
  providers: [
    Vendors,
    VendorHealth,
    Routing,
    DeliveriesStore,
    MessageSources,
    HandOver,
    SendRecords,
    Failover,
    Pretence,
    SendMessage,
    ReceiptsStore,
    Receipts,
    RejectedWebhooks,
    Webhooks,
    SmsSender,
  ],
  exports: [SmsSender, MessageSources],
})
export class SmsModule {}
