// One run of an `sms` job: compose, hand over, record. Runs outside any transaction and any request (design D5).
// Invariants: no text, code or number is kept; a hand-over that may have happened is not repeated (F13); retries of what certainly
// was not sent stay inside this run; the queue's own retry is for crashes only (design D6).
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel';
import { AuditLog } from '../audit/audit-log.service';
import { Database } from '../database/database.service';
import { JobRegistry } from '../jobs/job-registry.service';
import { Clock } from '../platform/clock/clock';
import { maskPhone } from '../platform/phone/phone-number';
import { Random } from '../platform/random/random';
import type { ProviderFailure, ProviderResult } from './contract/failure';
import type { Message, MessageReference, MessageSource } from './contract/message-source';
import { DeliveriesStore } from './deliveries/deliveries.store';
import { MessageSources } from './message-sources.service';
import { Vendors } from './routing/vendors.service';
import { segmentCount } from './text/segments';

/** Of a hand-over, before there has been any to go by. */
const ASSUMED_MILLISECONDS = 200;

type Sendable = Exclude<Message, { kind: 'expired' }>;
type HandOver = Exclude<Sendable, { kind: 'pretend' }>;

/** Three tries, 0.5 and 1 s apart with jitter, for failures that certainly sent nothing and may pass (security.md 5.8). */
const passing = retry(
  handleWhenResult((result) => isPassing(result as ProviderResult<unknown>)),
  { maxAttempts: 2, backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 2000 }) },
);

@Injectable()
export class SendMessage implements OnModuleInit {
  private readonly logger = new Logger('sms');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly sources: MessageSources,
    private readonly vendors: Vendors,
    private readonly deliveries: DeliveriesStore,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  onModuleInit(): void {
    this.jobs.register('sms', (payload) => this.run(payload as MessageReference));
  }

  async run(reference: MessageReference): Promise<void> {
    const source = this.sources.get(reference.source);
    const message = await source.compose(reference);
    if (message.kind === 'expired') return;
    const deliveryId = await this.begin(reference, message);
    if (deliveryId === undefined) return; // a crash after the hand-over was recorded, before the job's end was
    if (message.kind === 'pretend') return this.pretend(source, reference, deliveryId);
    const isNewVerification = message.kind === 'verification' && message.runningVerificationId === null;
    if (isNewVerification) await source.verifierIs?.(reference, message.provider, null);
    const result = await passing.execute(() => this.handOver(message, deliveryId));
    if (result.ok) await this.accepted(source, reference, message, deliveryId, result.value);
    else await this.failed(source, reference, deliveryId, message.provider, result.failure);
  }

  private begin(reference: MessageReference, message: Sendable): Promise<string | undefined> {
    return this.deliveries.begin({
      id: this.random.uuid(),
      reference,
      provider: message.kind === 'pretend' ? null : message.provider,
      phoneMasked: maskPhone(message.phone),
      channel: message.kind === 'verification' || message.kind === 'code' ? message.channel : 'sms',
      segments: message.kind === 'text' ? segmentCount(message.text) : null,
      now: this.clock.now(),
    });
  }

  // A decoy's status must not tell it from a real challenge, least of all while the vendor is slow or down (A55).
  private async pretend(source: MessageSource, reference: MessageReference, deliveryId: string): Promise<void> {
    const fates = await this.deliveries.latestFates();
    await wait(fates[this.random.below(Math.max(1, fates.length))]?.milliseconds ?? ASSUMED_MILLISECONDS);
    const now = this.clock.now();
    if (fates[0]?.failed !== true) return this.deliveries.accepted(deliveryId, null, now);
    await source.sendFailed?.(reference);
    await this.deliveries.failed(deliveryId, { kind: 'unavailable' }, now);
  }

  private async handOver(message: HandOver, reference: string): Promise<ProviderResult<string>> {
    if (message.kind === 'text') {
      const { phone: to, text, ttlSeconds } = message;
      const sent = await this.vendors.sender(message.provider).send({ to, text, ttlSeconds, reference });
      return sent.ok ? { ok: true, value: sent.value.providerMessageId } : sent;
    }
    if (message.kind === 'code') {
      const { phone: to, channel, code, locale, ttlSeconds } = message;
      const request = { to, channel, code, locale, ttlSeconds, reference };
      const sent = await this.vendors.codeSender(message.provider).sendCode(request);
      return sent.ok ? { ok: true, value: sent.value.providerMessageId } : sent;
    }
    return this.startOrResend(message, reference);
  }

  private async startOrResend(
    message: Extract<Message, { kind: 'verification' }>,
    reference: string,
  ): Promise<ProviderResult<string>> {
    const service = this.vendors.service(message.provider);
    if (service === undefined) throw new Error(`${message.provider} is not a configured verification service`);
    const { phone: to, channel, locale, runningVerificationId } = message;
    const request = { to, channel, locale, reference };
    const started =
      runningVerificationId !== null && service.resend !== undefined
        ? await service.resend({ ...request, providerVerificationId: runningVerificationId })
        : await service.start(request);
    return started.ok ? { ok: true, value: started.value.providerVerificationId } : started;
  }

  private async accepted(
    source: MessageSource,
    reference: MessageReference,
    message: HandOver,
    deliveryId: string,
    providerId: string,
  ): Promise<void> {
    // First the challenge, then the record: a code that arrives must be checkable at once.
    if (message.kind === 'verification') await source.verifierIs?.(reference, message.provider, providerId);
    const now = this.clock.now();
    const event = { event: 'otp_sent', at: now, ref: reference.id, reason: message.provider } as const;
    // The message is out: a record that fails now must not run the job again, which would send it twice.
    const records = [this.deliveries.accepted(deliveryId, providerId, now), this.audit.record(this.database, event)];
    for (const record of await Promise.allSettled(records)) {
      if (record.status === 'rejected') this.logger.error(record.reason);
    }
  }

  private async failed(
    source: MessageSource,
    reference: MessageReference,
    deliveryId: string,
    provider: string,
    failure: ProviderFailure,
  ): Promise<void> {
    const now = this.clock.now();
    const { kind, certainty, httpStatus, vendorCode } = failure;
    this.logger.warn({
      msg: 'a message was not delivered to the vendor',
      provider,
      kind,
      certainty,
      httpStatus,
      vendorCode,
    });
    // First the way out, then the bad news: who reads `failed` may ask again at once.
    await source.sendFailed?.(reference);
    await this.deliveries.failed(deliveryId, failure, now);
    await this.audit.record(this.database, {
      event: 'otp_send_failed',
      at: now,
      ref: reference.id,
      reason: `${provider}: ${kind}`,
    });
  }
}

function isPassing(result: ProviderResult<unknown>): boolean {
  if (result.ok || result.failure.certainty === 'maybe-sent') return false;
  return result.failure.kind === 'unavailable' || result.failure.kind === 'throttled';
}
