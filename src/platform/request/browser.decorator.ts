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

export const Browser = createParamDecorator((_: unknown, context: ExecutionContext): BrowserFacts => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  const { origin, cookie } = headers;
  const fetchSite = headers['sec-fetch-site'];
  return {
    origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    contentType: headers['content-type'],
    cookies: cookie,
  };
});
