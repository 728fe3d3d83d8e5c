import { Module } from '@nestjs/common';
import { PasswordModule } from '../auth/password/password.module';
import { TokensModule } from '../auth/tokens/tokens.module';
import { LimitsModule } from '../limits/limits.module';
import { SmsModule } from '../sms/sms.module';
import { ClockSkewAlarm } from './alarms/clock-skew-alarm.service';
import { QueueLagAlarm } from './alarms/queue-lag-alarm.service';
import { AuditDelivery } from './audit-webhook/audit-delivery.service';
import { AuditRelay } from './audit-webhook/audit-relay.service';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { LoopLag } from './health/loop-lag';
import { FigureMetrics } from './metrics/figures.metrics';
import { ProcessRecord } from './process-record.service';
import { RetentionService } from './retention/retention.service';
import { FloorService } from './state/floor.service';
import { RestoreService } from './state/restore.service';
import { StateMark } from './state/state-mark.service';

/** What keeps a running system in order: health, alarms, metrics, deletion of old rows, backup and restore, and the webhook of the audit log. */
@Module({
  imports: [LimitsModule, PasswordModule, SmsModule, TokensModule],
  controllers: [HealthController],
  providers: [
    AuditDelivery,
    AuditRelay,
    ClockSkewAlarm,
    FigureMetrics,
    HealthService,
    LoopLag,
    ProcessRecord,
    QueueLagAlarm,
    RetentionService,
    FloorService,
    RestoreService,
    StateMark,
  ],
})
export class OpsModule {}
