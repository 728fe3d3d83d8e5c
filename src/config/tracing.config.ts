// Whether there is a collector of traces. The names are OpenTelemetry's own (its "Environment Variable Specification"); the other
// OTEL_* are read by its libraries (sampler, batches, headers, resource attributes).
import { ConfigSlice } from './config-slice';
import { EnvBoolean, EnvChoice, EnvUrl } from './fields';

export class TracingConfig extends ConfigSlice {
  /** Of a collector that takes OTLP over HTTP; /v1/traces is added to it. */
  @EnvUrl()
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** The same for traces alone, taken as it is. */
  @EnvUrl()
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string;

  @EnvChoice('otlp', 'none')
  OTEL_TRACES_EXPORTER = 'otlp';

  @EnvBoolean()
  OTEL_SDK_DISABLED = false;

  get isOn(): boolean {
    const endpoint = this.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? this.OTEL_EXPORTER_OTLP_ENDPOINT;
    return endpoint !== undefined && this.OTEL_TRACES_EXPORTER === 'otlp' && !this.OTEL_SDK_DISABLED;
  }
}
