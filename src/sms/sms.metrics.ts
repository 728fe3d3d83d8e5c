// What is counted and traced of vendors: every call by its outcome in our words, and breakers. The vendor is told no trace of ours (ADR 71).
import { Injectable } from '@nestjs/common';
import { Metrics } from '../platform/metrics/metrics';
import { observeCall } from '../platform/tracing/observed-call';
import { Tracer } from '../platform/tracing/tracer';
import type { ProviderResult } from './contract/failure';
import type { BreakerState } from './routing/breaker';

/** Seconds; a call ends after 5. */
const BUCKETS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5];
const LEVEL: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, probing: 1, open: 2 };

/** send: a message or a verification is handed over; check: the vendor is asked about a code. */
export type VendorOperation = 'send' | 'check';

@Injectable()
export class SmsMetrics {
  private readonly took;

  constructor(
    private readonly metrics: Metrics,
    private readonly tracer: Tracer,
  ) {
    this.took = metrics.durations(
      {
        name: 'latchkey_vendor_call_duration_seconds',
        help: 'Calls of SMS vendors; outcome is ok or what was wrong',
        labels: ['provider', 'operation', 'outcome'],
      },
      BUCKETS,
    );
  }

  /** @throws what the call throws */
  call<T>(
    provider: string,
    operation: VendorOperation,
    ask: () => Promise<ProviderResult<T>>,
  ): Promise<ProviderResult<T>> {
    const name = `sms ${operation} ${provider}`;
    const facts = { 'latchkey.provider': provider, 'latchkey.operation': operation };
    const took = (outcome: string, seconds: number) => this.took({ provider, operation, outcome }, seconds);
    return observeCall(this.tracer, { name, facts, outcomeOf, took }, ask);
  }

  watchBreakers(states: () => ReadonlyMap<string, BreakerState>): void {
    this.metrics.gauge(
      {
        name: 'latchkey_vendor_breaker',
        help: 'Breaker of a vendor on this instance: 0 closed, 1 tries again, 2 open',
        labels: ['provider'],
      },
      () => [...states()].map(([provider, state]) => ({ labels: { provider }, value: LEVEL[state] })),
    );
  }
}

function outcomeOf(result: ProviderResult<unknown>): string {
  return result.ok ? 'ok' : result.failure.kind;
}
