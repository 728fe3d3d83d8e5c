// A port for spans of what this process does, in OpenTelemetry's terms. Without a collector there are no spans, and nothing of OpenTelemetry is
// loaded (ADR 71). The context of a span is a text (W3C traceparent), which goes with a job from process to process.
// Invariant: names and attributes are words of ours, never a number, code, token, address or path of a client.
import { currentWork, within } from '../request/current-work';

export type SpanKind = 'server' | 'client' | 'consumer';
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly facts: SpanFacts;
  /** W3C traceparent. A malformed one counts as absent: the span begins a new trace. */
  readonly parent: string | undefined;
}

export interface OpenSpan {
  readonly traceparent: string;
  /** @param failed the fault is ours or the other system's; false for a refusal that works as intended */
  end(facts: SpanFacts, failed: boolean): void;
}

/** W3C traceparent of the span that the running code belongs to. */
export function currentTraceparent(): string | undefined {
  return currentWork().traceparent;
}

/** 16 bytes as hexadecimal digits, for log lines. */
export function currentTraceId(): string | undefined {
  return currentTraceparent()?.split('-')[1];
}

export abstract class Tracer {
  /** When false, open() must not be called. */
  abstract readonly isOn: boolean;

  abstract open(start: SpanStart): OpenSpan;

  /** Sends the spans that are left, for 2 s at most. */
  abstract close(): Promise<void>;

  /** Makes the span the current one for code that `work` starts. */
  run<T>(span: OpenSpan, work: () => T): T {
    return within({ traceparent: span.traceparent }, work);
  }

  /** Runs the work inside a span below `parent`. @param tell gives attributes and outcome by the work's result */
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

  /** Runs the work inside a span below the current one. Without a current span it only runs the work, since no trace was asked for. */
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
