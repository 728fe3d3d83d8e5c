// Global guard. A public route is under LIMIT_UNAUTHENTICATED per client address, a protected route under LIMIT_SESSION per session, and a
// route for API keys under neither. All of them are under the limits that @Throttled names. Must run after the access guard, which sets the
// session. The marks of a route are read once, so a request only asks the counters.
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  getOptionsToken,
  getStorageToken,
  ThrottlerGuard,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { actorOf } from '../platform/request/actor';
import { apiKeyScope } from '../platform/request/api-key.decorator';
import { addressKey } from '../platform/request/client-address';
import { perRoute } from '../platform/request/per-route';
import { isPublic } from '../platform/request/public.decorator';
import { FrictionLimits } from './friction-limits.service';
import { isUnthrottled, namedLimits } from './throttled.decorator';
import type { LimitName } from './throttling.config';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

interface Plan {
  readonly perAddress: readonly LimitName[];
  readonly perSession: boolean;
}

@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  constructor(
    @Inject(getOptionsToken()) options: ThrottlerModuleOptions,
    @Inject(getStorageToken()) storage: ThrottlerStorage,
    reflector: Reflector,
    private readonly limits: FrictionLimits,
  ) {
    super(options, storage, reflector);
  }

  /** @throws AppError rate_limited; Error when a protected route has no actor: then the access guard did not run first */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { perAddress, perSession } = planOf(context);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (perSession) {
      const actor = actorOf(request);
      if (actor === undefined) throw new Error('ThrottleGuard ran before the access guard');
      await this.limits.hit('LIMIT_SESSION', actor.sessionId);
      // Per session and not per account: whoever has got hold of one session must not keep the owner from ending it from another.
      const isLimited = !this.limits.isOff('LIMIT_SESSION');
      if (isLimited && !READING.has(request.method)) await this.limits.hit('LIMIT_SESSION_CHANGES', actor.sessionId);
    }
    if (perAddress.length === 0) return true;
    const key = addressKey(request.clientAddress);
    for (const name of perAddress) await this.limits.hit(name, key);
    return true;
  }
}

const planOf = perRoute((route): Plan => {
  const open = isPublic(route);
  const marks = [route.getHandler(), route.getClass()] as const;
  const perAddress: LimitName[] = namedLimits(...marks);
  if (open && !isUnthrottled(...marks)) perAddress.unshift('LIMIT_UNAUTHENTICATED');
  return { perAddress, perSession: !open && apiKeyScope(route) === undefined };
});
