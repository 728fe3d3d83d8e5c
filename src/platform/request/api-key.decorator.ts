// Marks a route for services: it takes an API key with this scope instead of a person's access token.
import { SetMetadata } from '@nestjs/common';
import { perRoute } from './per-route';

/** What an API key may be used for. Every client app can be named at login, which needs no scope. */
export const clientScopes = ['admin', 'introspect', 'revoke', 'phone_verifications'] as const;
export type ClientScope = (typeof clientScopes)[number];

const API_KEY = Symbol('route for API keys');

/** @param scope the key's client must have it, else 403 insufficient_scope */
export const ApiKey = (scope: ClientScope): MethodDecorator & ClassDecorator => SetMetadata(API_KEY, scope);

/** The scope that a route asks of an API key; undefined for other routes. A mark of the handler goes before that of the controller. */
export const apiKeyScope = perRoute((route) => {
  const read = (target: object) => Reflect.getMetadata(API_KEY, target) as ClientScope | undefined;
  return read(route.getHandler()) ?? read(route.getClass());
});
