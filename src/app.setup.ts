// Makes the app from its configuration and lets it listen. main.ts and the tests share it.
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import { AppModule } from './app.module';
import { setupPages } from './app.pages';
import { SampledEvents } from './audit/sampled-events.service';
import { AccessTokenGuard } from './auth/access/access-token.guard';
import { Origins } from './auth/clients/origins.service';
import { StepUpGuard } from './auth/step-up/step-up.guard';
import { TokensConfig } from './auth/tokens/tokens.config';
import { HttpConfig } from './config/http.config';
import type { LoadedConfig } from './config/load-config';
import { LoggingConfig } from './config/logging.config';
import { serveDashboard } from './http/dashboard';
import { MetricsListener } from './http/metrics-listener';
import { countRefusals } from './http/request-metrics';
import { createAdapter } from './http/server';
import { applicationOptions, setupApp } from './http/setup-app';
import { createObservers } from './observation.module';
import { alarmNames } from './platform/logging/alarm';
import { createLogger, createRequestLogger } from './platform/logging/logger';
import type { AppError } from './platform/errors/app-error';
import { Metrics } from './platform/metrics/metrics';
import { hostRefused, listenBeside } from './platform/process/ports';
import { Random } from './platform/random/random';
import { originOf, PublicUrl } from './platform/request/public-url';
import { FrictionLimits } from './throttling/friction-limits.service';
import { ThrottleGuard } from './throttling/throttle.guard';

export { buildOpenApiDocument } from './http/openapi';

/** @param lines where log lines go instead of stdout */
export async function createApp(config: LoadedConfig, lines?: DestinationStream): Promise<NestFastifyApplication> {
  const http = config.get(HttpConfig);
  const { LOG_LEVEL } = config.get(LoggingConfig);
  const logger = createLogger(LOG_LEVEL, lines);
  const observers = await createObservers(config);
  const { metrics } = observers;
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, observers),
    createAdapter(http, createRequestLogger(LOG_LEVEL, lines), {
      issuer: config.get(TokensConfig).JWT_ISSUER,
      allowsOrigin: (origin) => app.get(Origins).isAllowed(origin),
      observers,
    }),
    applicationOptions(logger, countAlarms(metrics)),
  );
  const sampled = app.get(SampledEvents);
  const count = countRefusals(metrics);
  const observe = (error: AppError): void => {
    count(error);
    sampled.refused(error);
  };
  setupApp(app, config, { observe, random: app.get(Random) });
  setupPages(app, config);
  serveDashboard(app.getHttpAdapter().getInstance());
  // The throttle guard must know whose session it is, so the access guard comes first. With APP_GUARD the order would be that of the modules.
  app.useGlobalGuards(app.get(AccessTokenGuard), app.get(ThrottleGuard), app.get(StepUpGuard));
  app.get(PublicUrl).setPlanned(http);
  return app;
}

/** @returns a function to be called with the name of every alarm */
function countAlarms(metrics: Metrics): (name: string) => void {
  const raised = metrics.counter({
    name: 'latchkey_alarms_total',
    help: 'Alarms raised by this instance',
    labels: ['name'],
  });
  for (const name of alarmNames) raised({ name }, 0);
  return (name) => raised({ name });
}

export interface Addresses {
  readonly api: string;
  readonly admin: string;
  /** Origin of /metrics. */
  readonly metrics: string;
}

/** Binds PORT, ADMIN_PORT and METRICS_PORT. @returns the origins, with hosts that can be connected to */
export async function listen(app: NestFastifyApplication, config: LoadedConfig): Promise<Addresses> {
  const http = config.get(HttpConfig);
  await app.get(FrictionLimits).begin();
  await app.listen(http.PORT, http.HOST).catch(hostRefused('HOST'));
  const api = boundAddress(app);
  if (http.PUBLIC_URL === undefined) app.get(PublicUrl).set(api);
  const adminPort = await listenForOperators(app, config);
  const { METRICS_HOST } = http;
  const metrics = originOf(METRICS_HOST, await listenForMetrics(app, config));
  return { api, admin: originOf('127.0.0.1', adminPort), metrics };
}

function listenForOperators(app: NestFastifyApplication, config: LoadedConfig): Promise<number> {
  const { ADMIN_PORT, adminPort } = config.get(HttpConfig);
  const { adminListener } = app.getHttpAdapter().getInstance();
  const isChosen = ADMIN_PORT !== undefined || config.environment.production;
  return listenBeside((port) => adminListener.listen(port), 'ADMIN_PORT', adminPort, isChosen);
}

async function listenForMetrics(app: NestFastifyApplication, config: LoadedConfig): Promise<number> {
  const { METRICS_PORT, METRICS_HOST, metricsPort } = config.get(HttpConfig);
  const metrics = app.get(Metrics);
  const listener = new MetricsListener(metrics);
  const isChosen = METRICS_PORT !== undefined || config.environment.production;
  const bind = (each: number) => listener.listen(each, METRICS_HOST).catch(hostRefused('METRICS_HOST'));
  const port = await listenBeside(bind, 'METRICS_PORT', metricsPort, isChosen);
  metrics.observeProcess();
  app
    .getHttpAdapter()
    .getInstance()
    .server.once('close', () => void listener.close());
  return port;
}

function boundAddress(app: NestFastifyApplication): string {
  const bound = app.getHttpServer().address();
  if (bound === null || typeof bound === 'string') throw new Error('the server is not bound to a port');
  return originOf(bound.address, bound.port);
}
