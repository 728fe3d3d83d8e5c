// The app without its server and without running jobs, for one command of the command line.
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { DestinationStream } from 'pino';
import { AppModule } from './app.module';
import { HttpConfig } from './config/http.config';
import type { LoadedConfig } from './config/load-config';
import { unobserved } from './observation.module';
import { createLogger } from './platform/logging/logger';
import { NestLogger } from './platform/logging/nest-logger';
import { PublicUrl } from './platform/request/public-url';

/** @param log where log lines go, and the lowest level that is logged */
export async function createContext(
  config: LoadedConfig,
  log: { lines: DestinationStream; level: string },
): Promise<INestApplicationContext> {
  const logger = new NestLogger(createLogger(log.level, log.lines));
  const module = AppModule.forRoot(config, unobserved(), { runsJobs: false });
  const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
  app.get(PublicUrl).setPlanned(config.get(HttpConfig));
  return app;
}
