// Provides the metrics and traces of this process. They are made before the app, because the server counts and traces too.
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { LoadedConfig } from './config/load-config';
import { TracingConfig } from './config/tracing.config';
import { Metrics } from './platform/metrics/metrics';
import { NoTracer, Tracer } from './platform/tracing/tracer';

export interface Observers {
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

/** Observers that count, but trace nothing. */
export function unobserved(): Observers {
  return { metrics: new Metrics(), tracer: new NoTracer() };
}

/** Loads OpenTelemetry only when a collector is configured. */
export async function createObservers(config: LoadedConfig): Promise<Observers> {
  if (!config.get(TracingConfig).isOn) return unobserved();
  const tracer = await import('./platform/tracing/otel-tracer').then(({ OtelTracer }) => new OtelTracer());
  return { metrics: new Metrics(), tracer };
}

class TracerEnd implements OnApplicationShutdown {
  constructor(private readonly tracer: Tracer) {}

  onApplicationShutdown(): Promise<void> {
    return this.tracer.close();
  }
}

@Global()
@Module({})
export class ObservationModule {
  static forRoot({ metrics, tracer }: Observers): DynamicModule {
    return {
      module: ObservationModule,
      providers: [
        { provide: Metrics, useValue: metrics },
        { provide: Tracer, useValue: tracer },
        { provide: TracerEnd, useFactory: () => new TracerEnd(tracer) },
      ],
      exports: [Metrics, Tracer],
    };
  }
}
