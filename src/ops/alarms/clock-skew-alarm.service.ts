// The alarm that this machine's clock and the database's differ (design section 2). Beyond what readiness allows, codes and tokens would live
// longer here than on other instances, so the instance is not ready meanwhile. Each instance tells of its own clock.
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { Database } from '../../database/database.service';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { alarmEnded, alarmRaised } from '../../platform/logging/alarm';
import { HealthService } from '../health/health.service';
import { MAX_SKEW_MILLISECONDS } from '../health/readiness.policy';

const BEAT_SECONDS = 10;

@Injectable()
export class ClockSkewAlarm implements OnModuleInit {
  private readonly logger = new Logger('health');
  private isRaised = false;

  constructor(
    private readonly health: HealthService,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly registry: JobRegistry,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.registry.registerBeat({ name: 'clock-skew alarm', seconds: BEAT_SECONDS, work: () => this.look() });
  }

  /** It ends at half of what raises it. */
  private async look(): Promise<void> {
    const skew = Math.abs(await this.health.skewMilliseconds());
    const isSkewed = skew > (this.isRaised ? MAX_SKEW_MILLISECONDS / 2 : MAX_SKEW_MILLISECONDS);
    if (isSkewed === this.isRaised) return;
    const seconds = Math.round(skew / 100) / 10;
    const event = isSkewed ? 'clock_skew_alarm_raised' : 'clock_skew_alarm_ended';
    await this.audit.record(this.database, { event, at: this.clock.now(), reason: `${seconds} s` });
    this.isRaised = isSkewed;
    if (isSkewed) this.logger.error(alarmRaised('clock_skew', { seconds }));
    else this.logger.log(alarmEnded('clock_skew', { seconds }));
  }
}
