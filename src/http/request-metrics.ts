// Metrics and traces of requests: rate, errors and duration per route, and which refusals people meet. A route is named by its pattern, and
// a path without a route `none`. The trace that a request names is continued only when a proxy of ours passes it on.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from '../platform/errors/app-error';
import type { Metrics } from '../platform/metrics/metrics';
import type { OpenSpan, Tracer } from '../platform/tracing/tracer';

/** Seconds. A login takes a third of a second, all other requests milliseconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export function countRequests(server: FastifyInstance, metrics: Metrics): void {
  const took = metrics.durations(
    {
      name: 'latchkey_http_request_duration_seconds',
      help: 'Requests by pattern of the route and class of the status (2xx, 4xx, 5xx)',
      labels: ['method', 'route', 'status'],
    },
    BUCKETS,
  );
  server.addHook('onResponse', (request, reply, done) => {
    took(
      { method: methodOf(request), route: routeOf(request), status: classOf(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
    done();
  });
}

/** @returns a function to be called with every refusal */
export function countRefusals(metrics: Metrics): (error: AppError) => void {
  const refused = metrics.counter({
    name: 'latchkey_refusals_total',
    help: 'Refused requests by error code',
    labels: ['code'],
  });
  const limited = metrics.counter({
    name: 'latchkey_limits_hit_total',
    help: 'Requests refused by a limit that is counted in this process, by its setting',
    labels: ['limit'],
  });
  return ({ code, context }) => {
    refused({ code });
    const [, limit] = /^(LIMIT_[A-Z_]+) is spent$/.exec(context.reason ?? '') ?? [];
    if (limit !== undefined) limited({ limit });
  };
}

/** Makes a span per request, the current one for all code that works for it. Must be called before the hooks that should run below it. */
export function traceRequests(server: FastifyInstance, tracer: Tracer): void {
  if (!tracer.isOn) return;
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  server.addHook('onRequest', (request, _reply, done) => {
    const [method, route] = [methodOf(request), routeOf(request)];
    const facts = { 'http.request.method': method, 'http.route': route };
    const span = tracer.open({ name: `${method} ${route}`, kind: 'server', facts, parent: handedOn(request) });
    spans.set(request, span);
    tracer.run(span, () => done());
  });
  server.addHook('onResponse', (request, reply: FastifyReply, done) => {
    const { statusCode } = reply;
    spans.get(request)?.end({ 'http.response.status_code': statusCode }, statusCode >= 500);
    done();
  });
}

/** A request that came through a trusted proxy has more than one address. */
function handedOn({ ips, headers }: FastifyRequest): string | undefined {
  const { traceparent } = headers;
  return (ips?.length ?? 0) > 1 && typeof traceparent === 'string' ? traceparent : undefined;
}

function routeOf(request: FastifyRequest): string {
  return request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
}

const classes = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx'];

function classOf(status: number): string {
  return classes[Math.floor(status / 100)] ?? 'other';
}

function methodOf({ method }: FastifyRequest): string {
  return METHODS.includes(method) ? method : 'other';
}
