// What every app of ours gets, whichever modules it is made of: validation, the one filter, docs.
import type { NestApplicationOptions } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { HttpConfig } from '../config/http.config';
import type { LoadedConfig } from '../config/load-config';
import type { AppError } from '../platform/errors/app-error';
import { comeBackApart } from '../platform/errors/come-back';
import { ProblemFilter } from '../platform/errors/problem.filter';
import { NestLogger } from '../platform/logging/nest-logger';
import { Random } from '../platform/random/random';
import { serveDocs } from './docs';
import { createValidationPipe } from './validation.pipe';

/** Options for NestFactory.create: bodies are read by the server itself, and a failed start throws instead of exiting. */
export function applicationOptions(logger: Logger, onAlarm?: (name: string) => void): NestApplicationOptions {
  return { logger: new NestLogger(logger, onAlarm), bodyParser: false, abortOnError: false };
}

/** @param observe is told of every refusal */
export function setupApp(app: NestFastifyApplication, config: LoadedConfig, observe?: (error: AppError) => void): void {
  const http = config.get(HttpConfig);
  app.useGlobalPipes(createValidationPipe());
  const random = app.get(Random);
  app.useGlobalFilters(new ProblemFilter(observe, (error) => comeBackApart(error, random)));
  if (http.API_DOCS === true) serveDocs(app, app.getHttpAdapter().getInstance());
}
