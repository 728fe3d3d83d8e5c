// Where a request comes from, worked out once: asking Fastify walks the proxies' header each time.
import type { FastifyInstance } from 'fastify';
import { clientAddress } from './client-address';

declare module 'fastify' {
  interface FastifyRequest {
    /** As our proxies vouch for it, in one spelling (client-address.ts). */
    clientAddress: string;
  }
}

/** Must be called before every hook that asks for it. */
export function knowClientAddresses(server: FastifyInstance): void {
  server.decorateRequest('clientAddress', 'unknown');
  server.addHook('onRequest', (request, _reply, done) => {
    request.clientAddress = clientAddress(request.ip);
    done();
  });
}
