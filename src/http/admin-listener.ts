// A second port of the server, for operators only (design section 3, ADR 23). It has the same routes, hooks and limits.
// Invariant: paths below /v1/admin and the dashboard exist on this port only, and no other path exists on it. On the other port such a path is
// answered like one that was never made, whatever its method or spelling.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import { ANSWERED_BY_US, CONNECTION_LIMITS } from './connection-limits';
import type { KnownPaths } from './unrouted';

/** Never another interface: operators elsewhere use a tunnel, or a proxy that knows who may administer. */
const ADMIN_HOST = '127.0.0.1';
const ADMIN_ROUTE = /^\/(v1\/admin|dashboard)(\/|$)/;

declare module 'fastify' {
  interface FastifyInstance {
    adminListener: AdminListener;
  }
}

class AdminListener {
  private readonly server: Server;
  private readonly received = new WeakSet<IncomingMessage>();

  constructor(api: FastifyInstance, answerClientError: (error: NodeJS.ErrnoException, socket: Socket) => void) {
    const receive = (request: IncomingMessage, response: ServerResponse): void => {
      this.received.add(request);
      api.routing(request, response);
    };
    this.server = createServer({ ...CONNECTION_LIMITS, ...ANSWERED_BY_US }, receive);
    this.server.on('checkExpectation', receive);
    this.server.on('clientError', answerClientError);
  }

  /** Whether the request came in on this port. */
  has(request: IncomingMessage): boolean {
    return this.received.has(request);
  }

  /** @returns the port bound. @throws Error with code EADDRINUSE when it is taken */
  async listen(port: number): Promise<number> {
    await once(this.server.listen(port, ADMIN_HOST), 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no new connections. @returns when the running requests are answered; at once when it never listened */
  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** Decides which paths exist on which port, before all our other hooks. Must be called before routes are added. */
export function addAdminListener(
  server: FastifyInstance,
  paths: KnownPaths,
  answerClientError: (error: NodeJS.ErrnoException, socket: Socket) => void,
): void {
  const listener = new AdminListener(server, answerClientError);
  server.decorate('adminListener', listener);
  server.addHook('onRequest', (request, _reply, done) => {
    const route = request.is404 ? paths.routeOf(request.raw.url ?? '') : request.routeOptions.url;
    if (ADMIN_ROUTE.test(route ?? '') === listener.has(request.raw)) return done();
    done(new AppError(platformErrors.not_found, { reason: 'a route of the other listener' }));
  });
  let closed: Promise<void> | undefined;
  server.addHook('preClose', (done) => {
    closed = listener.close();
    done();
  });
  server.addHook('onClose', () => closed);
}
