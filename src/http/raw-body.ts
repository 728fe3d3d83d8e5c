// Routes that get the body as it arrived, JSON or form, because signatures of webhooks are made over its bytes. They parse it and refuse it
// themselves.
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The handler gets a Buffer; up to 64 kB. */
    readonly rawBody?: boolean;
  }
}

/** security.md 5.4 */
const RAW_BODY_LIMIT_BYTES = 64 * 1024;

/** Must be called before routes are added. */
export function allowLongerRawBodies(server: FastifyInstance): void {
  server.addHook('onRoute', (route) => {
    if (route.config?.rawBody === true) route.bodyLimit = RAW_BODY_LIMIT_BYTES;
  });
}
