// The client's address of a request, found out once: Fastify reads the proxies' header anew each time it is asked.
import type { FastifyInstance } from 'fastify';
import { clientAddress } from './client-address';

declare module 'fastify' {
  interface FastifyRequest {
    /** As told by our own proxies, in one spelling (client-address.ts). */
    clientAddress: string;
  }
}

/** Must be called before hooks that read it are added. */
export function knowClientAddresses(server: FastifyInstance): void {
  server.decorateRequest('clientAddress', 'unknown');
  server.addHook('onRequest', (request, _reply, done) => {
    request.clientAddress = clientAddress(request.ip);
    done();
  });
}
