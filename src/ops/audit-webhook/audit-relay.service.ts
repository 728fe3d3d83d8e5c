// Puts the chosen events of the audit log into the queue, every second, on whichever instance comes first. If a process is killed, no event is
// lost, because the statement that queues events also moves the place in the log up to which they are queued (N11).
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { alarmRaised } from '../../platform/logging/alarm';
import { AuditWebhookConfig } from './audit-webhook.config';
import { BATCH, begin, relay } from './audit-webhook.sql';

interface Relayed {
  readonly seen: number;
  readonly queued: number;
  readonly alarm: boolean;
}

@Injectable()
export class AuditRelay implements OnModuleInit {
  private readonly logger = new Logger('audit');
  private readonly since: Date;
  private begun = false;

  constructor(
    private readonly config: AuditWebhookConfig,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
  ) {
    this.since = clock.now();
  }

  onModuleInit(): void {
    if (this.config.AUDIT_WEBHOOK_URL === undefined) return;
    this.registry.registerBeat({ name: 'audit relay', seconds: 1, work: (signal) => this.relay(signal) });
  }

  private async relay(signal: AbortSignal): Promise<void> {
    if (!this.begun) await this.database.run(begin, [this.since]);
    this.begun = true;
    for (let seen = BATCH; seen === BATCH && !signal.aborted;) {
      const parameters = { events: this.config.events, now: this.clock.now() };
      const [row] = await this.database.run<Relayed>(...relay.with(parameters));
      seen = row?.seen ?? 0;
      if (row?.alarm === true) this.logger.error(alarmRaised('audit_webhook_failing', { reason: 'queue full' }));
    }
  }
}
