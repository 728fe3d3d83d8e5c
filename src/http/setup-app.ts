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
import type { Random } from '../platform/random/random';
import { serveDocs } from './docs';
import { createValidationPipe } from './validation.pipe';

/** Options for NestFactory.create: bodies are read by the server itself, and a failed start throws instead of exiting. */
export function applicationOptions(logger: Logger, onAlarm?: (name: string) => void): NestApplicationOptions {
  return { logger: new NestLogger(logger, onAlarm), bodyParser: false, abortOnError: false };
}

interface Refusals {
  /** Is told of every refusal; must not throw. */
  readonly observe: (error: AppError) => void;
  /** Spreads when those come back who were told that we are busy. */
  readonly random: Random;
}

/** @param refusals absent: nobody hears of them, and each has the time that it was thrown with */
export function setupApp(app: NestFastifyApplication, config: LoadedConfig, refusals?: Refusals): void {
  const http = config.get(HttpConfig);
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(refusals === undefined ? new ProblemFilter() : filterOf(refusals));
  if (http.API_DOCS === true) serveDocs(app, app.getHttpAdapter().getInstance());
}

function filterOf({ observe, random }: Refusals): ProblemFilter {
  return new ProblemFilter(observe, (error) => comeBackApart(error, random));
}
