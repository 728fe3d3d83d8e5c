// Says whether there is a collector of traces. The settings have OpenTelemetry's own names (its "Environment Variable Specification"). Its
// libraries read the other OTEL_* settings by themselves (sampler, batches, headers, resource attributes).
import { ConfigSlice } from './config-slice';
import { EnvBoolean, EnvChoice, EnvUrl } from './fields';

export class TracingConfig extends ConfigSlice {
  /** Address of a collector that takes OTLP over HTTP; /v1/traces is appended. */
  @EnvUrl()
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  /** Address of a collector for traces only. It is used as it is, in place of the other one. */
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
