// What the routes of RFC 7662 and 7009 have in common. They are public for the access guard, because a person's token cannot open them.
import { applyDecorators, type ExecutionContext, HttpCode, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify/decorators/route-config.decorator';
import { ApiBasicAuth, ApiConsumes } from '@nestjs/swagger';
import type { ClientScope } from '../../platform/request/api-key.decorator';
import { Public } from '../../platform/request/public.decorator';
import { Unthrottled } from '../../throttling/throttled.decorator';

const SCOPE = Symbol('scope of an OAuth route');

/** @param scope of the client app. The controller must have OauthClientGuard. */
export function OauthRoute(scope: ClientScope): MethodDecorator {
  return applyDecorators(
    SetMetadata(SCOPE, scope),
    Public(),
    // OauthClientGuard counts wrong credentials per address, and right ones per client app.
    Unthrottled(),
    HttpCode(200),
    RouteConfig({ forms: true, oauthErrors: true }),
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBasicAuth('client'),
  );
}

/** @throws Error on a route without the mark: a mistake in our own code */
export function oauthScope(context: ExecutionContext): ClientScope {
  const scope = Reflect.getMetadata(SCOPE, context.getHandler()) as ClientScope | undefined;
  if (scope === undefined) throw new Error('OauthClientGuard on a route without @OauthRoute()');
  return scope;
}
