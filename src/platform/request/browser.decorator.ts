// What a request says about the browser and the page it comes from. Only a browser sends Origin and Sec-Fetch-Site truthfully;
// anybody else may write what they like there, so these facts can only ever refuse (security.md 5.6).
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

export interface BrowserFacts {
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly contentType: string | undefined;
  /** The Cookie header as it came. */
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

/** Routes that are asked all the time take the request itself: Nest carries each parameter of a kind of ours through its pipes, a dozen promises long (ADR 88). */
export const Browser = createParamDecorator((_: unknown, context: ExecutionContext): BrowserFacts =>
  browserOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
