import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Actor, actorOf } from './actor';

/** The caller of a protected route. @throws Error on a public route, where nobody was authenticated: a wiring mistake. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = actorOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (actor === undefined) throw new Error('@CurrentActor() on a route without an authenticated caller');
  return actor;
});
