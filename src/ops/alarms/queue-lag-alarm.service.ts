// The alarm that jobs wait too long: for messages this is time out of a code's life. Every instance looks; the one that changes it tells.
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { alarmEnded, alarmRaised } from '../../platform/logging/alarm';
import { type QueueLagRow, watchQueueLag } from './queue-lag.sql';

const BEAT_SECONDS = 10;

@Injectable()
export class QueueLagAlarm implements OnModuleInit {
  private readonly logger = new Logger('jobs');

  constructor(
    private readonly database: Database,
    private readonly registry: JobRegistry,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.registry.registerBeat({ name: 'queue-lag alarm', seconds: BEAT_SECONDS, work: () => this.look() });
  }

  private async look(): Promise<void> {
    const bound = watchQueueLag.with({ now: this.clock.now(), requestId: null, address: null });
    const [row] = await this.database.run<QueueLagRow>(...bound);
    if (row?.begins === true) {
      this.logger.error(alarmRaised('queue_lag', { job: row.job, seconds: row.seconds }));
    }
    if (row?.ends === true) this.logger.log(alarmEnded('queue_lag'));
  }
}
