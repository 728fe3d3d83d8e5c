import { Module } from '@nestjs/common';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { LoopLag } from './health/loop-lag';
import { RetentionService } from './retention/retention.service';

/** Expects the global providers: Database, Clock, Readiness, JobRegistry. */
@Module({
  controllers: [HealthController],
  providers: [HealthService, LoopLag, RetentionService],
})
export class OpsModule {}
