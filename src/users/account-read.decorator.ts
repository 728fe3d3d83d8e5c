// The account that the access guard has read on its way in, so that a route that shows it need not read it again.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { UserAccount } from './users.types';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's, as this very request found it; absent where the guard had no need to ask. */
    account?: UserAccount;
  }
}

export const AccountRead = createParamDecorator(
  (_: unknown, context: ExecutionContext): UserAccount | undefined =>
    context.switchToHttp().getRequest<FastifyRequest>().account,
);
