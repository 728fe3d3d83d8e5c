// One run of a `mail` job: compose the mail, hand it over, record that. It runs outside any transaction and any request (design D5). There is only
// one relay. When it cannot take a mail now, the mail stays in the queue and is tried again, with longer and longer pauses, until its source
// says that it is too late (ADR 43). Invariant: a mail that is recorded as handed over is never handed over again.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import type { AuditEventName } from '../audit/audit.types';
import { LateAudit } from '../audit/late-audit.service';
import { JobRegistry } from '../jobs/job-registry.service';
import { Clock } from '../platform/clock/clock';
import { Standstill } from '../platform/process/standstill';
import { untilWritten } from '../platform/process/until-written';
import { Random } from '../platform/random/random';
import { MailDeliveriesStore } from './mail-deliveries.store';
import { MailSources } from './mail-sources.service';
import { MailConfig } from './mail.config';
import { MailMetrics } from './mail.metrics';
import type { Mail, MailReference, MailSource } from './mail.types';
import { type RelayResult, SmtpRelay } from './smtp-relay.service';

const RELAY = 'smtp';

@Injectable()
export class SendMail implements OnModuleInit {
  private readonly logger = new Logger('mail');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly sources: MailSources,
    private readonly deliveries: MailDeliveriesStore,
    private readonly relay: SmtpRelay,
    private readonly metrics: MailMetrics,
    private readonly config: MailConfig,
    private readonly audit: LateAudit,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly standstill: Standstill,
  ) {}

  onModuleInit(): void {
    this.jobs.register('mail', (payload, signal) => this.run(payload as MailReference, signal));
  }

  /** @throws Error when the relay could not take the mail now, or this instance has none, so that the queue runs the job again */
  async run(reference: MailReference, signal: AbortSignal): Promise<void> {
    const source = this.sources.get(reference.source);
    const past = await this.deliveries.find(reference);
    if (past !== undefined && past.status !== 'queued') return;
    const mail = await source.compose(reference);
    if (mail === undefined) return this.expired(source, reference, past?.id);
    // The row comes first: without it nobody would be told when it is too late for the mail.
    const delivery = await this.deliveries.begin(this.random.uuid(), reference, mail.to, this.clock.now());
    if (delivery.status !== 'queued') return;
    if (this.config.relay === undefined) throw new Error('mail: no SMTP_URL');
    await this.hand(source, reference, delivery.id, mail, signal);
  }

  private async hand(
    source: MailSource,
    reference: MailReference,
    deliveryId: string,
    mail: Mail,
    signal: AbortSignal,
  ): Promise<void> {
    // A process that stops leaves the mail to another one. If it began, it could be cut off, and the mail could be sent twice (F13, F23).
    this.standstill.look();
    signal.throwIfAborted();
    const stamps = { messageId: deliveryId, date: this.clock.now(), signal };
    const result = await this.metrics.call(() => this.relay.send(mail, stamps));
    if (result.ok) return this.taken(reference, deliveryId, signal);
    const { kind, reason } = result;
    this.logger.warn({ msg: 'the relay did not take a mail', kind, reason });
    if (kind === 'unavailable') throw new Error(`mail: ${reason}`);
    await this.refused(source, reference, deliveryId, result);
  }

  // The relay has the mail. If a record of that cannot be written, the job must not fail, because its next run would send the mail again.
  private async taken(reference: MailReference, deliveryId: string, signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const sent = untilWritten(() => this.deliveries.sent(deliveryId, now), signal);
    const records = [sent, this.record('otp_sent', reference, RELAY)];
    for (const record of await Promise.allSettled(records)) {
      if (record.status === 'rejected') this.logger.error(record.reason);
    }
  }

  // The source is told first: whoever then reads the status `failed` may ask for another mail at once.
  private async refused(
    source: MailSource,
    reference: MailReference,
    deliveryId: string,
    { reason }: Extract<RelayResult, { ok: false }>,
  ): Promise<void> {
    await source.sendFailed?.(reference);
    await this.deliveries.failed(deliveryId, 'refused', this.clock.now());
    await this.record('otp_send_failed', reference, `${RELAY}: ${reason}`);
  }

  private async expired(source: MailSource, reference: MailReference, open: string | undefined): Promise<void> {
    if (open === undefined) return;
    await source.sendFailed?.(reference);
    await this.deliveries.failed(open, 'expired', this.clock.now());
    await this.record('otp_send_failed', reference, `${RELAY}: expired`);
  }

  private record(event: AuditEventName, { id: ref }: MailReference, reason: string): Promise<void> {
    return this.audit.record({ event, at: this.clock.now(), ref, reason });
  }
}
