// Whether a vendor may be called, by what this process has seen: a breaker, and 20 calls at a time, for each vendor (security.md 5.8, F03). When
// a breaker opens, that is reported once: an audit event and a log line (design section 2, alarms).
import { Injectable, Logger } from '@nestjs/common';
import { bulkhead, BulkheadPolicy, isBulkheadRejectedError } from 'cockatiel';
import { AuditLog } from '../../audit/audit-log.service';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { alarmRaised } from '../../platform/logging/alarm';
import type { ProviderResult } from '../contract/failure';
import { Standstill } from '../../platform/process/standstill';
import { SmsMetrics } from '../sms.metrics';
import { Breaker, BreakerState, type Passage } from './breaker';
import { healthAfter } from './failover.policy';

const CALLS_AT_A_TIME = 20;
/** How many checks may wait for a place. More could not be answered within the 15 s that a confirmation may take. */
const CHECKS_WAITING = 40;

interface Health {
  readonly breaker: Breaker;
  readonly sends: BulkheadPolicy;
  readonly checks: BulkheadPolicy;
}

/**
 * What a call of the vendor would meet now. free: it is made at once. busy: it waits for a place. probing: it is not made, since another call is
 * finding out whether the vendor works again. shut_out: it is not made, since the breaker is open.
 */
export type Admission = 'free' | 'busy' | 'probing' | 'shut_out';

@Injectable()
export class VendorHealth {
  private readonly logger = new Logger('sms');
  private readonly vendors = new Map<string, Health>();

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly metrics: SmsMetrics,
    private readonly standstill: Standstill,
  ) {
    metrics.watchBreakers(() => {
      const now = this.clock.now();
      return new Map([...this.vendors].map(([provider, { breaker }]) => [provider, breaker.state(now)]));
    });
  }

  state(provider: string): BreakerState {
    return this.of(provider).breaker.state(this.clock.now());
  }

  admission(provider: string): Admission {
    const state = this.state(provider);
    if (state === 'open') return 'shut_out';
    if (state === 'probing') return 'probing';
    return this.isBusy(provider) ? 'busy' : 'free';
  }

  /** Milliseconds until the vendor may be called again; 0 unless its breaker is open. */
  openFor(provider: string): number {
    return this.of(provider).breaker.openFor(this.clock.now());
  }

  /** Whether all 20 places are taken: then the next call has to wait. */
  isBusy(provider: string): boolean {
    return this.of(provider).sends.executionSlots === 0;
  }

  /**
   * Hands a message over as soon as there is a place.
   * @param prepare called when there is a place, right before the call; undefined: nothing is to be handed over
   * @param signal of the run. After it is aborted no call begins, because the end of this process might cut the call short; another instance sends
   * the message then (F13, F23)
   * @returns undefined when the vendor was not called: its breaker is open, another call is probing it, or nothing was prepared
   * @throws the signal's reason, without a call
   */
  call<P, T>(
    provider: string,
    prepare: () => Promise<P | undefined>,
    hand: (prepared: P) => Promise<ProviderResult<T>>,
    signal: AbortSignal,
  ): Promise<ProviderResult<T> | undefined> {
    const { sends, breaker } = this.of(provider);
    return sends.execute(async () => {
      signal.throwIfAborted();
      const passage = breaker.enter(this.clock.now());
      if (passage === undefined) return undefined;
      let isCalled = false;
      try {
        const prepared = await prepare();
        this.standstill.look();
        signal.throwIfAborted();
        if (prepared === undefined) return undefined;
        isCalled = true;
        return await this.callNow(provider, passage, () => hand(prepared));
      } finally {
        if (!isCalled) breaker.leave(passage);
      }
    });
  }

  /** Asks whatever the breaker says, because no other vendor can answer. When too many checks are waiting, it fails as throttled without asking. */
  async check<T>(provider: string, ask: () => Promise<ProviderResult<T>>): Promise<ProviderResult<T>> {
    try {
      return await this.of(provider).checks.execute(() => this.metrics.call(provider, 'check', ask));
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
      return { ok: false, failure: { kind: 'throttled', certainty: 'not-sent' } };
    }
  }

  private async callNow<T>(
    provider: string,
    passage: Passage,
    hand: () => Promise<ProviderResult<T>>,
  ): Promise<ProviderResult<T>> {
    const { breaker } = this.of(provider);
    let result: ProviderResult<T> | undefined;
    try {
      result = await this.metrics.call(provider, 'send', hand);
      return result;
    } finally {
      const verdict = result === undefined ? 'down' : result.ok ? 'works' : healthAfter(result.failure);
      if (breaker.settle(passage, verdict, this.clock.now())) await this.tell(provider, result);
    }
  }

  private async tell(provider: string, result: ProviderResult<unknown> | undefined): Promise<void> {
    const kind = result === undefined || result.ok ? 'error' : result.failure.kind;
    this.logger.error(alarmRaised('sms_breaker_open', { provider, kind }));
    const event = { event: 'sms_breaker_opened', at: this.clock.now(), reason: `${provider}: ${kind}` } as const;
    // The alarm is already logged. The vendor's answer must reach the send even while the database is away.
    await this.audit.record(this.database, event).catch((error: unknown) => this.logger.error(error));
  }

  private of(provider: string): Health {
    const known = this.vendors.get(provider);
    if (known !== undefined) return known;
    const sends = bulkhead(CALLS_AT_A_TIME, Number.POSITIVE_INFINITY);
    const made = { breaker: new Breaker(), sends, checks: bulkhead(CALLS_AT_A_TIME, CHECKS_WAITING) };
    this.vendors.set(provider, made);
    return made;
  }
}
