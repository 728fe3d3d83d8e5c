// Global guard: a public route is under LIMIT_UNAUTHENTICATED per client address, a protected one under LIMIT_SESSION per
// session, one for API keys under neither, all under what @Throttled names. Runs after the access guard, which tells whose session it is.
// What a route is under is read once; per request only the counters are asked.
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

  /** @throws AppError rate_limited @throws Error when a protected route has no actor: the access guard did not run first. */
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const { perAddress, perSession } = planOf(context);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (perSession) {
      const actor = actorOf(request);
      if (actor === undefined) throw new Error('ThrottleGuard ran before the access guard');
      await this.limits.hit('LIMIT_SESSION', actor.sessionId);
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
