// A hook for Fastify: onRequest for a whole server or scope, preHandler for a route.
import type { IncomingHttpHeaders } from 'node:http';
import { refusalOf } from './refusal';
import { keepClaims } from './request-claims';
import { checkedRequirements, type LatchkeyVerifier } from './verifier';
import { LatchkeyVerifyError, type Requirements } from './verify-error';

/** What is used of Fastify's request and reply. */
interface HookRequest {
  readonly headers: IncomingHttpHeaders;
}
interface HookReply {
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(payload: string): unknown;
}

export type Hook = (request: HookRequest, reply: HookReply) => Promise<unknown>;

/** Past it `claimsOf(request)` is there; a refusal is answered here. @throws TypeError for a wrong requirement */
export function latchkeyHook(verifier: LatchkeyVerifier, requirements: Requirements = {}): Hook {
  checkedRequirements(requirements);
  return async (request, reply) => {
    try {
      keepClaims(request, await verifier.verifyHeader(request.headers.authorization, requirements));
      return undefined;
    } catch (error) {
      if (!(error instanceof LatchkeyVerifyError)) throw error;
      const { status, headers, body } = refusalOf(error);
      reply.code(status);
      reply.headers({ ...headers });
      reply.send(JSON.stringify(body));
      return reply;
    }
  };
}
