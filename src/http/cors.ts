// CORS (case A47). Origins that may read our answers get their own name back and may send cookies. All others get no header, and on the
// operators' port all do. `*` (development only) never goes with cookies. This is a hook of our own, because the plugin adds a catch-all
// route for OPTIONS, which would turn every 405 into a 404.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Whether pages of this origin may call us with credentials. Called only for requests that name an origin. */
export type AllowsOrigin = (origin: string) => Promise<boolean>;

const ANSWERS = { 'access-control-expose-headers': 'retry-after, x-request-id' };
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
};

/**
 * Must be called before refuseUnrouted.
 * @param anybody whether every origin may read our answers, without cookies
 */
export function shareWithOrigins(server: FastifyInstance, allows: AllowsOrigin, anybody: boolean): void {
  server.addHook('onRequest', (request, reply, done) => {
    // Set also without an Origin, so that a cache does not give that answer to a page.
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || server.adminListener.has(request.raw)) return done();
    const decided = (allowed: boolean): void => {
      if (allowed) reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' });
      else if (anybody) reply.header('access-control-allow-origin', '*');
      else return done();
      reply.headers(ANSWERS);
      if (!isPreflight(request)) return done();
      answerPreflight(reply);
    };
    // When it cannot be found out, the page cannot read the answer; the request itself is answered as usual.
    allows(origin).then(decided, () => decided(false));
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight(reply: FastifyReply): void {
  void reply.code(204).headers(PREFLIGHT).header('content-length', '0').send();
}
