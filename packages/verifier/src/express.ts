// A middleware for Express, and for anything else that hands on node's own request and response.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalOf } from './refusal';
import { keepClaims } from './request-claims';
import { checkedRequirements, type LatchkeyVerifier } from './verifier';
import { LatchkeyVerifyError, type Requirements } from './verify-error';

export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/** Past it `claimsOf(request)` is there; a refusal is answered here. @throws TypeError for a wrong requirement */
export function latchkeyMiddleware(verifier: LatchkeyVerifier, requirements: Requirements = {}): Middleware {
  checkedRequirements(requirements);
  return async (request, response, next) => {
    try {
      keepClaims(request, await verifier.verifyHeader(request.headers.authorization, requirements));
    } catch (error) {
      if (error instanceof LatchkeyVerifyError) refuse(response, error);
      else next(error);
      return;
    }
    next();
  };
}

function refuse(response: ServerResponse, error: LatchkeyVerifyError): void {
  const { status, headers, body } = refusalOf(error);
  response.writeHead(status, { ...headers }).end(JSON.stringify(body));
}
