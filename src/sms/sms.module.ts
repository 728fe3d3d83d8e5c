import { Module } from '@nestjs/common';
import { Conversions } from './deliveries/conversions.service';
import { ConversionsStore } from './deliveries/conversions.store';
import { LimitsModule } from '../limits/limits.module';
import { DeliveriesStore } from './deliveries/deliveries.store';
import { LatestSendsStore } from './deliveries/latest-sends.store';
import { LeftOpen } from './deliveries/left-open.store';
import { DeliveryLog } from './deliveries/delivery-log.service';
import { DeliveryLogStore } from './deliveries/delivery-log.store';
import { DeliveryStats } from './deliveries/delivery-stats.service';
import { DeliveryStatsStore } from './deliveries/delivery-stats.store';
import { Failover } from './failover.service';
import { HandOver } from './hand-over.service';
import { MessageSources } from './message-sources.service';
import { OptOuts } from './opt-outs/opt-outs.service';
import { OptOutsStore } from './opt-outs/opt-outs.store';
import { Pretence } from './pretence.service';
import { PretendedVerifiers } from './pretended-verifiers.service';
import { ReceiptsController } from './receipts/receipts.controller';
import { Receipts } from './receipts/receipts.service';
import { ReceiptsStore } from './receipts/receipts.store';
import { Undelivered } from './receipts/undelivered.service';
import { Webhooks } from './receipts/webhooks.service';
import { DeliveryReport } from './report/delivery-report.service';
import { Resumption } from './resumption.service';
import { Routing } from './routing/routing.service';
import { VendorHealth } from './routing/vendor-health.service';
import { Vendors } from './routing/vendors.service';
import { SendMessage } from './send-message.service';
import { SendEnd } from './send-end.service';
import { SendRecords } from './send-records.service';
import { SmsMetrics } from './sms.metrics';
import { SmsSender } from './sms-sender.service';
import { VendorOverviews } from './vendor-overview.service';
import { TurnEnd } from './turn-end.service';
import { VendorTurn } from './vendor-turn.service';
import { Verifiers } from './verifiers.service';

@Module({
  imports: [LimitsModule],
  controllers: [ReceiptsController],
  providers: [
    SmsMetrics,
    Vendors,
    VendorHealth,
    Routing,
    DeliveriesStore,
    LatestSendsStore,
    LeftOpen,
    ConversionsStore,
    Conversions,
    DeliveryStatsStore,
    DeliveryStats,
    DeliveryLogStore,
    DeliveryLog,
    VendorOverviews,
    DeliveryReport,
    MessageSources,
    HandOver,
    SendRecords,
    SendEnd,
    Resumption,
    Verifiers,
    TurnEnd,
    VendorTurn,
    Failover,
    Pretence,
    PretendedVerifiers,
    SendMessage,
    ReceiptsStore,
    OptOutsStore,
    OptOuts,
    Receipts,
    Undelivered,
    Webhooks,
    SmsSender,
  ],
  exports: [SmsSender, MessageSources, DeliveryStats, DeliveryLog, VendorOverviews, DeliveryReport],
})
export class SmsModule {}
