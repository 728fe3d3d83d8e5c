// The one mark that opens a route to callers without an access token. Everything unmarked is closed (default deny).
import { type ExecutionContext, SetMetadata } from '@nestjs/common';

const PUBLIC = Symbol('public route');

export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

export function isPublic(context: ExecutionContext): boolean {
  return (
    Reflect.getMetadata(PUBLIC, context.getHandler()) === true ||
    Reflect.getMetadata(PUBLIC, context.getClass()) === true
  );
}
