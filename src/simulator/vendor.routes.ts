// Mounts the routes of the dialects, with the faults in front of them. The order is: note the request, wait, fault, dialect. With delay and
// lost_answer the dialect handles the request. Every other fault leaves the state of the vendor and the phones as they were.
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Dialect, DialectAnswer, DialectContext, DialectRequest, DialectRoute } from '../sms/contract/dialect';
import { answerInsteadOfVendor } from './fault-answer';
import type { FaultList } from './faults';
import type { RequestLog } from './request-log';

interface VendorNetwork {
  readonly requests: RequestLog;
  readonly faults: FaultList;
  readonly contextOf: (provider: string) => DialectContext;
  /** Aborted when the simulator stops, so that delayed answers do not keep it alive. */
  readonly stopping: AbortSignal;
}

export function mountVendors(app: FastifyInstance, dialects: readonly Dialect[], network: VendorNetwork): void {
  for (const dialect of dialects) {
    for (const route of dialect.routes(network.contextOf(dialect.provider))) {
      const handler = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
        handle(dialect.provider, route, network, request, reply);
      app.route({ method: route.method, url: route.path, handler });
    }
  }
}

async function handle(
  provider: string,
  route: DialectRoute,
  network: VendorNetwork,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const received = toDialectRequest(request);
  const entry = network.requests.note(provider, received);
  const fault = network.faults.take(provider);
  if (fault === undefined) {
    const answer = route.answer(received);
    entry.status = answer.status;
    return send(reply, answer);
  }
  entry.fault = fault.kind;
  if (fault.ms !== undefined) await wait(fault.ms, undefined, { signal: network.stopping });
  if (fault.kind === 'hang') return reply.hijack();
  if (fault.kind === 'reset') return cut(request, reply);
  const answer = answerInsteadOfVendor(fault) ?? route.answer(received);
  entry.status = answer.status;
  return fault.kind === 'lost_answer' ? cut(request, reply) : send(reply, answer);
}

/** Resets the connection, so that the client cannot know how far its request came. */
function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.resetAndDestroy();
  return reply.hijack();
}

function send(reply: FastifyReply, { status, headers = {}, body }: DialectAnswer): FastifyReply {
  void reply.code(status).headers(headers);
  if (body === undefined) return reply.send();
  const isText = typeof body === 'string';
  if (!reply.hasHeader('content-type')) {
    void reply.header('content-type', isText ? 'text/plain; charset=utf-8' : 'application/json');
  }
  // Sent as bytes, because Fastify adds a charset to the content type of a string, and vendors do not send one.
  return reply.send(Buffer.from(isText ? body : JSON.stringify(body)));
}

function toDialectRequest(request: FastifyRequest): DialectRequest {
  return {
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    query: single(request.query as Record<string, string | string[]>),
    params: { ...(request.params as Record<string, string>) },
    headers: single(request.headers),
    rawBody: typeof request.body === 'string' ? request.body : '',
  };
}

/** A repeated header or parameter counts as its values joined with a comma (RFC 9110 section 5.3). */
function single(values: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
