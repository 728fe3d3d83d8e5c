// The only mark that opens a route to callers without an access token. Routes without a mark are closed.
import { SetMetadata } from '@nestjs/common';
import { perRoute } from './per-route';

const PUBLIC = Symbol('public route');

export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

export const isPublic = perRoute((route) =>
  [route.getHandler(), route.getClass()].some((marked) => Reflect.getMetadata(PUBLIC, marked) === true),
);
