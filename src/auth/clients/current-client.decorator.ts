import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApiClient } from './clients.types';

/** The calling client app. @throws Error on a route that is not for client apps: a mistake in our own code */
export const CurrentClient = createParamDecorator((_: unknown, context: ExecutionContext): ApiClient => {
  const { client } = context.switchToHttp().getRequest<FastifyRequest>();
  if (client === undefined) throw new Error('@CurrentClient() on a route without @ApiKey()');
  return client;
});
