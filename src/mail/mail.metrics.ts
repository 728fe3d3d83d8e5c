// Counts and traces every mail that was handed to the relay, by its outcome. The relay is not told the trace (ADR 71).
import { Injectable } from '@nestjs/common';
import { Metrics } from '../platform/metrics/metrics';
import { observeCall } from '../platform/tracing/observed-call';
import { Tracer } from '../platform/tracing/tracer';
import type { RelayResult } from './smtp-relay.service';

/** Seconds; a mail is handed over within 5. */
const BUCKETS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5];

@Injectable()
export class MailMetrics {
  private readonly took;

  constructor(
    metrics: Metrics,
    private readonly tracer: Tracer,
  ) {
    this.took = metrics.durations(
      {
        name: 'latchkey_relay_call_duration_seconds',
        help: 'Mails handed to the relay; outcome is ok, refused (this mail, for good), unavailable (the relay, for now) or error',
        labels: ['outcome'],
      },
      BUCKETS,
    );
  }

  /** @throws what the call throws */
  call(hand: () => Promise<RelayResult>): Promise<RelayResult> {
    const took = (outcome: string, seconds: number) => this.took({ outcome }, seconds);
    return observeCall(this.tracer, { name: 'mail send', outcomeOf, took }, hand);
  }
}

function outcomeOf(result: RelayResult): string {
  return result.ok ? 'ok' : result.kind;
}
