// What a request says about the browser and page it comes from. Only browsers send Origin and Sec-Fetch-Site truthfully; other clients may write
// anything there. So these facts may be used for refusing only, never for allowing more (security.md 5.6).
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export interface BrowserFacts {
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly contentType: string | undefined;
  /** The Cookie header, unparsed. */
  readonly cookies: string | undefined;
}

export function browserOf({ headers }: FastifyRequest): BrowserFacts {
  const { origin, cookie } = headers;
  const fetchSite = headers['sec-fetch-site'];
  return {
    origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    contentType: headers['content-type'],
    cookies: cookie,
  };
}

/** Very frequent routes take the request instead: Nest passes each custom parameter through its pipes, which takes a dozen promises (ADR 88). */
export const Browser = createParamDecorator((_: unknown, context: ExecutionContext): BrowserFacts =>
  browserOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
