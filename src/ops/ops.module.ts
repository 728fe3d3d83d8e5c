import { Module } from '@nestjs/common';
import { TokensModule } from '../auth/tokens/tokens.module';
import { AuditDelivery } from './audit-webhook/audit-delivery.service';
import { AuditRelay } from './audit-webhook/audit-relay.service';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { LoopLag } from './health/loop-lag';
import { ProcessRecord } from './process-record.service';
import { RetentionService } from './retention/retention.service';

/** Expects the global providers: Database, Clock, Readiness, JobRegistry. */
@Module({
  imports: [TokensModule],
  controllers: [HealthController],
  providers: [AuditDelivery, AuditRelay, HealthService, LoopLag, ProcessRecord, RetentionService],
})
export class OpsModule {}
