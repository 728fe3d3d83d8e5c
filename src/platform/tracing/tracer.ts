// Spans of what this process does, as OpenTelemetry has them, behind a port: without a collector there are none, and nothing of
// OpenTelemetry is loaded (ADR 71). A span's context is text (W3C traceparent), which travels with a job from process to process.
// Invariant: names and facts are words of ours, never a number, code, token, address or path of a client.
import { currentWork, within } from '../request/current-work';

export type SpanKind = 'server' | 'client' | 'consumer';
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly facts: SpanFacts;
  /** W3C traceparent; a malformed one counts as none, and the span begins a trace. */
  readonly parent: string | undefined;
}

export interface OpenSpan {
  readonly traceparent: string;
  /** @param failed our fault or the other side's, not a refusal that works as intended */
  end(facts: SpanFacts, failed: boolean): void;
}

/** W3C traceparent of the span that the running code belongs to. */
export function currentTraceparent(): string | undefined {
  return currentWork().traceparent;
}

/** Hex of 16 bytes, for log lines. */
export function currentTraceId(): string | undefined {
  return currentTraceparent()?.split('-')[1];
}

export abstract class Tracer {
  /** False: open() must not be called. */
  abstract readonly isOn: boolean;

  abstract open(start: SpanStart): OpenSpan;

  /** Hands over what is left, for at most 2 s. */
  abstract close(): Promise<void>;

  /** Makes the span the current one of what `work` begins. */
  run<T>(span: OpenSpan, work: () => T): T {
    return within({ traceparent: span.traceparent }, work);
  }

  /** A span around the work, below `parent`. @param tell what its result says about it */
  async around<T>(start: SpanStart, work: () => Promise<T>, tell: (result: T) => Outcome = nothing): Promise<T> {
    if (!this.isOn) return work();
    const span = this.open(start);
    try {
      const result = await this.run(span, work);
      const { facts, failed } = tell(result);
      span.end(facts, failed);
      return result;
    } catch (error) {
      span.end({ 'error.type': error instanceof Error ? error.name : 'unknown' }, true);
      throw error;
    }
  }

  /** The same below the current span; without one, the work alone: what nobody asked for is no trace. */
  below<T>(start: Omit<SpanStart, 'parent'>, work: () => Promise<T>, tell?: (result: T) => Outcome): Promise<T> {
    const parent = this.isOn ? currentTraceparent() : undefined;
    return parent === undefined ? work() : this.around({ ...start, parent }, work, tell);
  }
}

interface Outcome {
  readonly facts: SpanFacts;
  readonly failed: boolean;
}

const nothing = (): Outcome => ({ facts: {}, failed: false });

export class NoTracer extends Tracer {
  override readonly isOn = false;

  override open(): never {
    throw new Error('there are no spans');
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}
