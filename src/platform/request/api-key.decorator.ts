// The mark of a route for services: it takes an API key with this scope instead of a person's access token.
import { SetMetadata } from '@nestjs/common';
import { perRoute } from './per-route';

/** What a client app's key may be used for besides being named at login. */
export const clientScopes = ['admin', 'introspect', 'revoke', 'phone_verifications'] as const;
export type ClientScope = (typeof clientScopes)[number];

const API_KEY = Symbol('route for API keys');

/** @param scope the key's client must have it, else 403 insufficient_scope */
export const ApiKey = (scope: ClientScope): MethodDecorator & ClassDecorator => SetMetadata(API_KEY, scope);

/** The scope a route asks of an API key; undefined for routes of persons and public ones. The handler's mark wins. */
export const apiKeyScope = perRoute((route) => {
  const read = (target: object) => Reflect.getMetadata(API_KEY, target) as ClientScope | undefined;
  return read(route.getHandler()) ?? read(route.getClass());
});
