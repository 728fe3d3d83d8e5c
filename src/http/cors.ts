// CORS (case A47): the origins that may read our answers get their own name back, exactly, and may send cookies; all others get nothing, and
// on the operators' port nobody does. `*` (development only) never goes with cookies. This is a hook and not the plugin, whose catch-all
// route for OPTIONS would turn every 405 into a 404.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Whether pages of this origin may call us with credentials; asked only for requests that name one. */
export type AllowsOrigin = (origin: string) => Promise<boolean>;

const ANSWERS = { 'access-control-expose-headers': 'retry-after, x-request-id' };
const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
};

/**
 * Must be called before whatever refuses unrouted requests.
 * @param anybody whether every origin may read our answers, without cookies
 */
export function shareWithOrigins(server: FastifyInstance, allows: AllowsOrigin, anybody: boolean): void {
  server.addHook('onRequest', (request, reply, done) => {
    // Also without an Origin: a cache must not give that answer to a page.
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
    // When that cannot be found out, the page cannot read the answer; the request itself is answered as usual.
    allows(origin).then(decided, () => decided(false));
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight(reply: FastifyReply): void {
  void reply.code(204).headers(PREFLIGHT).header('content-length', '0').send();
}
