// Where a guard leaves what it found: beside the request, so that no framework's request type has to be changed.
import type { AccessTokenClaims } from './claims';

const found = new WeakMap<object, AccessTokenClaims>();

export function keepClaims(request: object, claims: AccessTokenClaims): void {
  found.set(request, claims);
}

/** Whom the request speaks for. @throws Error when no guard of ours let it in: the route is open by mistake. */
export function claimsOf(request: object): AccessTokenClaims {
  const claims = found.get(request);
  if (claims === undefined) throw new Error('claimsOf: the request has passed no Latchkey guard');
  return claims;
}
