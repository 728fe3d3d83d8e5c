// Refusals of the simulator's own routes, in the form of RFC 9457. The routes of vendors answer as their dialects say.
import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';

export interface FieldProblem {
  /** JSON pointer into the body, or the name of a parameter after a slash. */
  readonly pointer: string;
  readonly code: string;
}

export function sendProblem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  errors?: readonly FieldProblem[],
): FastifyReply {
  const problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail };
  // As bytes, because Fastify adds a charset to the content type of a string.
  const body = Buffer.from(JSON.stringify(errors === undefined ? problem : { ...problem, errors }));
  return reply.code(status).header('content-type', 'application/problem+json').send(body);
}
