// OpenTelemetry's tracer. Spans go in batches to a collector, as JSON over HTTP (OTLP). OpenTelemetry's own libraries read the standard variables
// for endpoint, headers, sampler, batches and resource. This file is loaded only when there is a collector.
import { type Context, ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { within } from '../time/in-time';
import { type OpenSpan, type SpanFacts, type SpanKind, type SpanStart, Tracer } from './tracer';

const DEFAULT_SERVICE = 'latchkey';
const CLOSE_MILLISECONDS = 2000;
/** Version 00 of W3C Trace Context, 3.2. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

const kinds: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  consumer: Kind.CONSUMER,
};

export class OtelTracer extends Tracer {
  override readonly isOn = true;
  private readonly provider: BasicTracerProvider;
  private readonly spans;

  constructor() {
    super();
    const named = detectResources({ detectors: [serviceInstanceIdDetector, envDetector] });
    this.provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': DEFAULT_SERVICE }).merge(named),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    this.spans = this.provider.getTracer(DEFAULT_SERVICE);
  }

  override open({ name, kind, facts, parent }: SpanStart): OpenSpan {
    const span = this.spans.startSpan(name, { kind: kinds[kind], attributes: facts }, contextOf(parent));
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`,
      end: (more: SpanFacts, failed: boolean) => {
        span.setAttributes(more);
        if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  override async close(): Promise<void> {
    await within(CLOSE_MILLISECONDS, this.provider.shutdown());
  }
}

function contextOf(traceparent: string | undefined): Context {
  const [, traceId = '', spanId = '', flags = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
  // Ids of zeros only are invalid (3.2.2.3, 3.2.2.4). The library refuses other invalid ones.
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}
