// Who calls, as the access guard has found out: for controllers and for limits per session.
import type { FastifyRequest } from 'fastify';

export interface Actor {
  readonly userId: string;
  readonly sessionId: string;
  readonly clientId: string;
  /** When the person last proved both factors or signed in (claim auth_time), for step-up checks. */
  readonly authenticatedAt: Date;
  /** Methods used, RFC 8176 and our own: pwd, sms, otp, rc, td, mfa. */
  readonly amr: readonly string[];
  /** aal1 or aal2. */
  readonly acr: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard on routes that are not public; absent everywhere else. */
    actor?: Actor;
  }
}

export function actorOf(request: FastifyRequest): Actor | undefined {
  return request.actor;
}

/** The caller of a protected route. @throws Error on a public route, where nobody was authenticated: a mistake in our own code */
export function callerOf(request: FastifyRequest): Actor {
  const actor = actorOf(request);
  if (actor === undefined) throw new Error('the caller of a route without an authenticated one');
  return actor;
}
