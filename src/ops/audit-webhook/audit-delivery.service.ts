// Posts one event of the audit log to the operator's endpoint, signed (Standard Webhooks). Without a 2xx answer the queue tries again, for about
// four days. The endpoint may get an event more than once, each time with the same `webhook-id` and the same body. An instance without the URL
// leaves an event to later tries in the same way: while the URL is being introduced, instance by instance, others have it.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import type { AuditEntry } from '../../audit/audit-entry.types';
import { AuditLog } from '../../audit/audit-log.service';
import { AuditReader } from '../../audit/audit-reader.service';
import { Database } from '../../database/database.service';
import { JobRegistry, type JobRun } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { OutboundHttp } from '../../platform/http/outbound-http';
import { alarmRaised } from '../../platform/logging/alarm';
import { AuditWebhookConfig } from './audit-webhook.config';
import { webhookBody } from './audit-webhook-body';
import { failed, WEBHOOK_JOB, worked } from './audit-webhook.sql';
import { keysOf, signedHeaders } from './standard-webhook.algorithm';

@Injectable()
export class AuditDelivery implements OnModuleInit {
  private readonly logger = new Logger('audit');

  constructor(
    private readonly config: AuditWebhookConfig,
    private readonly log: AuditReader,
    private readonly audit: AuditLog,
    private readonly http: OutboundHttp,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly registry: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.registry.register(WEBHOOK_JOB, (payload, signal, run) => this.deliver(payload as { id: string }, signal, run));
  }

  /** @throws Error when the event was not taken, so that the queue tries again */
  private async deliver({ id }: { id: string }, signal: AbortSignal, { isLast }: JobRun): Promise<void> {
    const entry = await this.log.entry(id);
    if (entry === undefined) return;
    const url = this.config.AUDIT_WEBHOOK_URL;
    const refusal = url === undefined ? 'no AUDIT_WEBHOOK_URL' : await this.post(url, entry, signal);
    if (refusal === undefined) {
      await this.database.run(worked, [this.clock.now()]);
      return;
    }
    // It is no failure of the endpoint when this instance stops. But the queue counts the try all the same.
    if (url !== undefined && refusal !== 'aborted') await this.tellFailure(refusal);
    if (isLast) await this.giveUp(id, refusal);
    throw new Error(`event ${id} was not taken: ${refusal}`);
  }

  /** @returns what went wrong; undefined for a 2xx */
  private async post(url: string, entry: AuditEntry, signal: AbortSignal): Promise<string | undefined> {
    const body = webhookBody(entry);
    const secret = this.config.AUDIT_WEBHOOK_SECRET;
    const signed = signedHeaders(
      secret === undefined ? [] : keysOf(secret),
      `audit_${entry.id}`,
      this.clock.now(),
      body,
    );
    const headers = { 'content-type': 'application/json', 'user-agent': 'Latchkey', ...signed };
    const answer = await this.http.request({ method: 'POST', url, headers, body, signal });
    if (!answer.ok) return answer.kind;
    return answer.status >= 200 && answer.status < 300 ? undefined : `status ${answer.status}`;
  }

  private async tellFailure(reason: string): Promise<void> {
    const parameters = { now: this.clock.now(), requestId: null, address: null };
    const [row] = await this.database.run<{ alarm: boolean }>(...failed.with(parameters));
    if (row?.alarm === true) this.logger.error(alarmRaised('audit_webhook_failing', { reason }));
  }

  private async giveUp(id: string, reason: string): Promise<void> {
    this.logger.error(alarmRaised('audit_webhook_given_up', { id, reason }));
    await this.audit.record(this.database, {
      event: 'audit_webhook_given_up',
      at: this.clock.now(),
      reason,
      meta: { id },
    });
  }
}
