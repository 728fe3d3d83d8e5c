import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Actor, callerOf } from './actor';

/** The caller of a protected route. @throws Error on a public route, where nobody was authenticated: a mistake in our own code */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
