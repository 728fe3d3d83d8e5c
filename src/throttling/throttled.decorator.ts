// Decorators that put a route under limits. ThrottleGuard reads them once per handler.
import { SetMetadata } from '@nestjs/common';
import type { RouteLimit } from './throttling.config';

const NAMED = Symbol('named limits');
const UNTHROTTLED = Symbol('not under LIMIT_UNAUTHENTICATED');

/** Puts a route under these limits per client address, in addition to the one every route has. */
export const Throttled = (...limits: RouteLimit[]): MethodDecorator & ClassDecorator => SetMetadata(NAMED, limits);

/** Takes a public route out of LIMIT_UNAUTHENTICATED (health, .well-known, status). Limits named by @Throttled stay. */
export const Unthrottled = (): MethodDecorator & ClassDecorator => SetMetadata(UNTHROTTLED, true);

export function namedLimits(handler: object, controller: object): RouteLimit[] {
  const read = (target: object) => (Reflect.getMetadata(NAMED, target) ?? []) as RouteLimit[];
  return [...read(controller), ...read(handler)];
}

export function isUnthrottled(handler: object, controller: object): boolean {
  const marked = (target: object) => Reflect.getMetadata(UNTHROTTLED, target) === true;
  return marked(handler) || marked(controller);
}
