// The Fastify server under Nest: its limits (security.md 5.8), and what happens to every request before and after Nest.
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { HttpConfig } from '../config/http.config';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';
import { sendProblem } from '../platform/errors/problem.filter';
import type { Metrics } from '../platform/metrics/metrics';
import { cleanUserAgent, runInRequest } from '../platform/request/request-context';
import { METADATA_PATH, metadataPathOf } from '../platform/request/issuer-url.algorithm';
import { knowClientAddresses } from '../platform/request/request-address';
import { currentTraceId, type Tracer } from '../platform/tracing/tracer';
import { addAdminListener } from './admin-listener';
import { type AllowsOrigin, shareWithOrigins } from './cors';
import { answerClientError } from './client-errors';
import { ANSWERED_BY_US, CONNECTION_LIMITS } from './connection-limits';
import { acceptForms } from './form-body';
import { acceptJsonOnly, BODY_LIMIT_BYTES } from './json-body';
import { allowLongerRawBodies } from './raw-body';
import { countRequests, traceRequests } from './request-metrics';
import { SECURITY_HEADERS } from './security-headers';
import { collectPaths, refuseUnrouted } from './unrouted';

// The adapter is declared in terms of its own copy of Fastify, which may be another patch release than ours.
const Adapter = FastifyAdapter as unknown as new (server: FastifyInstance) => FastifyAdapter;

export interface Surroundings {
  /** JWT_ISSUER. When it has a path, its metadata is found under that path. */
  readonly issuer?: string | undefined;
  /** Absent: no page of another origin may read an answer. */
  readonly allowsOrigin?: AllowsOrigin;
  /** Absent: nothing is counted or traced. */
  readonly observers?: { readonly metrics: Metrics; readonly tracer: Tracer };
}

/**
 * Our hooks are added before those of the adapter, so that what the adapter itself answers has the security headers as well.
 * @param requests writes one line per request
 */
export function createAdapter(config: HttpConfig, requests: Logger, surroundings: Surroundings = {}): FastifyAdapter {
  const { issuer, allowsOrigin, observers } = surroundings;
  const server = createServer(config, issuer);
  acceptJsonOnly(server);
  acceptForms(server);
  allowLongerRawBodies(server);
  knowClientAddresses(server);
  if (observers !== undefined) {
    traceRequests(server, observers.tracer);
    countRequests(server, observers.metrics);
  }
  beforeEverything(server);
  server.server.on('checkExpectation', (request, response) => server.routing(request, response));
  if (allowsOrigin !== undefined) shareWithOrigins(server, allowsOrigin, config.CORS_ORIGINS.includes('*'));
  logWhenDone(server, requests);
  const paths = collectPaths(server);
  addAdminListener(server, paths, refuse);
  const adapter = new Adapter(server);
  refuseUnrouted(server, paths);
  return adapter;
}

function createServer(config: HttpConfig, issuer: string | undefined): FastifyInstance {
  const metadataPath = issuer === undefined ? undefined : metadataPathOf(issuer);
  return fastify({
    trustProxy: config.TRUSTED_PROXIES.length === 0 ? false : config.TRUSTED_PROXIES,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: CONNECTION_LIMITS.requestTimeout,
    keepAliveTimeout: CONNECTION_LIMITS.keepAliveTimeout,
    http: { ...CONNECTION_LIMITS, ...ANSWERED_BY_US },
    forceCloseConnections: 'idle',
    // Refused below with a problem document instead.
    return503OnClosing: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { caseSensitive: true, ignoreTrailingSlash: false },
    // The metadata of an issuer with a path is at an address that contains this path, so no route can be declared for it.
    rewriteUrl: ({ url = '/' }) => (url === metadataPath ? METADATA_PATH : url),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    frameworkErrors: answerUnroutable,
    clientErrorHandler: refuse,
  });
}

function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  answerClientError(error, socket, randomUUID);
}

// A path that cannot be decoded, or a parameter longer than any of ours, leads nowhere. Hooks do not run for these requests.
function answerUnroutable(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  nameAndProtect(request, reply);
  sendProblem(request, reply, new AppError(platformErrors.not_found));
}

function nameAndProtect(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS).header('x-request-id', request.id);
}

function beforeEverything(server: FastifyInstance): void {
  let closing = false;
  server.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  // Clients that are answered while we close are told to use another connection next time (case F23).
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (closing || !server.server.listening) reply.header('connection', 'close');
    done(null, payload);
  });
  server.addHook('onRequest', (request, reply, done) => {
    nameAndProtect(request, reply);
    const facts = {
      requestId: request.id,
      address: request.clientAddress,
      userAgent: cleanUserAgent(request.headers['user-agent']),
    };
    runInRequest(facts, () => {
      if (isWithoutHost(request)) return done(new AppError(platformErrors.validation_failed, { reason: 'no Host' }));
      if (!closing) return done();
      done(new AppError(platformErrors.not_ready, { reason: 'closing', retryAfterSeconds: 1 }));
    });
  });
}

/** RFC 9112 3.2: a request of HTTP/1.1 names the host it is for; one of HTTP/1.0 need not. */
function isWithoutHost({ headers, raw }: FastifyRequest): boolean {
  return headers.host === undefined && raw.httpVersion === '1.1';
}

// One line per request: without body, headers and query, and with the route's pattern instead of its path. All values come from closed
// sets, are made by us, or were checked; the logger relies on that (createRequestLogger).
function logWhenDone(server: FastifyInstance, logger: Logger): void {
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? null;
    const line = {
      event: 'request',
      requestId: request.id,
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      address: request.clientAddress,
      traceId: currentTraceId(),
    };
    if (route?.startsWith('/health') === true) logger.debug(line);
    else logger.info(line);
    done();
  });
}
