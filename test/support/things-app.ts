// The smallest app that has a route of every sort, behind the server as main sets it up: for the specs of src/http.
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Module,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { HttpConfig } from '../../src/config/http.config';
import { loadConfig } from '../../src/config/load-config';
import { createAdapter } from '../../src/http/server';
import { applicationOptions, setupApp } from '../../src/http/setup-app';
import { AppError } from '../../src/platform/errors/app-error';
import { platformErrors } from '../../src/platform/errors/platform.errors';
import { createLogger, createRequestLogger } from '../../src/platform/logging/logger';
import { RequestContext } from '../../src/platform/request/request-context';

/** What no answer may hold. */
export const CANARY = 'cANARYx7';

class Inner {
  @IsString()
  'a/b': string = '';
}

class Thing {
  @IsString()
  name!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner;
}

class Filter {
  @IsOptional()
  @IsString()
  sort?: string;
}

/** A request that is answered when the test says so. */
export const held = {
  begun: false,
  release: () => undefined as void,
  wait() {
    held.begun = true;
    return new Promise<void>((resolve) => (held.release = resolve));
  },
};

@Controller()
class Things {
  constructor(private readonly context: RequestContext) {}

  @Post('things')
  @HttpCode(201)
  create(@Body() body: Thing) {
    return { name: body.name, polluted: ({} as Record<string, unknown>)['polluted'] ?? null };
  }

  @Get('things/:id')
  one(@Param('id') id: string, @Query() filter: Filter) {
    return { id, sort: filter.sort ?? null };
  }

  @Get('uuids/:id')
  uuid(@Param('id', ParseUUIDPipe) id: string) {
    return { id };
  }

  @Get('me')
  me() {
    const { requestId, address, userAgent } = this.context;
    return { requestId, address, userAgent };
  }

  @Get('cached')
  @Header('cache-control', 'public, max-age=60')
  cached() {
    return {};
  }

  @Get('cached-error')
  @Header('cache-control', 'public, max-age=60')
  cachedError() {
    throw new AppError(platformErrors.rate_limited, { retryAfterSeconds: 7, reason: CANARY, meta: { CANARY } });
  }

  @Get('broken')
  broken() {
    throw Object.assign(new Error(`insert into users ${CANARY}`), { statusCode: 400, status: 418 });
  }

  @Get('held')
  async held() {
    await held.wait();
    return { held: true };
  }

  @Get('answered-then-broken')
  async late(@Res() reply: FastifyReply) {
    await reply.send({ first: true });
    throw new Error(CANARY);
  }
}

@Module({ controllers: [Things], providers: [RequestContext] })
class ThingsModule {}

/** @param variables on top of a development configuration */
export async function startThings(variables: Record<string, string> = {}) {
  const lines: string[] = [];
  const config = loadConfig([HttpConfig], { NODE_ENV: 'development', PORT: '0', ...variables });
  const destination = { write: (line: string) => lines.push(line) };
  const logger = createLogger('info', destination);
  const { CORS_ORIGINS } = config.get(HttpConfig);
  const adapter = createAdapter(config.get(HttpConfig), createRequestLogger('info', destination), {
    allowsOrigin: (origin) =>
      origin.includes('unsure') ? Promise.reject(new Error(CANARY)) : Promise.resolve(CORS_ORIGINS.includes(origin)),
  });
  const app = await NestFactory.create<NestFastifyApplication>(ThingsModule, adapter, applicationOptions(logger));
  setupApp(app, config);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  return { app, lines, port, url: `http://127.0.0.1:${port}` };
}

export type ThingsApp = Awaited<ReturnType<typeof startThings>>;
