// OAuth's own clients read a member `error` in a refusal (RFC 6749 section 5.2). On marked routes the problem document has it beside
// `code`, so both kinds of clients find what they look for (ADR 24).
import type { FastifyRequest } from 'fastify';
import type { ErrorDefinition } from './define-errors';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether refusals of the route have the member `error`. */
    readonly oauthErrors?: boolean;
  }
}

const byStatus: Readonly<Record<number, string>> = {
  401: 'invalid_client',
  403: 'insufficient_scope',
  500: 'server_error',
};

export interface OauthError {
  readonly error: string;
}

/** @returns undefined on other routes */
export function oauthErrorOf({ routeOptions }: FastifyRequest, { status }: ErrorDefinition): OauthError | undefined {
  if (routeOptions.config.oauthErrors !== true) return undefined;
  const isTemporary = status === 429 || status === 503;
  return { error: byStatus[status] ?? (isTemporary ? 'temporarily_unavailable' : 'invalid_request') };
}

/** OAuth's clients ask for plain JSON, and some read errors of no other type. */
export function wantsPlainJson({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.includes('application/json');
}
