// What every app gets, whichever modules it has: validation, the filter for errors, the page of the API.
import type { NestApplicationOptions } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { HttpConfig } from '../config/http.config';
import type { LoadedConfig } from '../config/load-config';
import type { AppError } from '../platform/errors/app-error';
import { comeBackApart } from '../platform/errors/come-back';
import { ProblemFilter } from '../platform/errors/problem.filter';
import { NestLogger } from '../platform/logging/nest-logger';
import type { Random } from '../platform/random/random';
import { serveDocs } from './docs';
import { createValidationPipe } from './validation.pipe';

/** Options for NestFactory.create: bodies are read by the server itself, and a failed start throws instead of exiting. */
export function applicationOptions(logger: Logger, onAlarm?: (name: string) => void): NestApplicationOptions {
  return { logger: new NestLogger(logger, onAlarm), bodyParser: false, abortOnError: false };
}

interface Refusals {
  /** Called with every refusal; must not throw. */
  readonly observe: (error: AppError) => void;
  /** Spreads the times at which clients come back that were told we are busy. */
  readonly random: Random;
}

/** @param refusals absent: nobody is told of refusals, and each keeps its own time */
export function setupApp(app: NestFastifyApplication, config: LoadedConfig, refusals?: Refusals): void {
  const http = config.get(HttpConfig);
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(refusals === undefined ? new ProblemFilter() : filterOf(refusals));
  if (http.API_DOCS === true) serveDocs(app, app.getHttpAdapter().getInstance());
}

function filterOf({ observe, random }: Refusals): ProblemFilter {
  return new ProblemFilter(observe, (error) => comeBackApart(error, random));
}
