// The only place where an error becomes HTTP. It writes one problem document and one log line, and repeats nothing of the request (case A93).
// Public texts come from the declaration. Reason, cause and meta go to the log only, and the stack only of errors that nobody declared.
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError } from './app-error';
import { oauthErrorOf, wantsPlainJson } from './oauth-error';
import { PROBLEM_CONTENT_TYPE, problemOf } from './problem';
import { toAppError } from './translate-error';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  /**
   * @param observe is called with every refusal; must not throw
   * @param timed may give a refusal another time for coming back (come-back.ts)
   */
  constructor(
    private readonly observe: (error: AppError) => void = () => undefined,
    private readonly timed: (error: AppError) => AppError = (error) => error,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toAppError(thrown);
    this.log(error);
    this.observe(error);
    if (reply.sent || reply.raw.headersSent) return;
    sendProblem(request, reply, this.timed(error));
  }

  private log(error: AppError): void {
    const { definition, context, code } = error;
    const { reason, cause, meta } = context;
    const line = {
      problem: code,
      status: definition.status,
      reason,
      ...(meta && { meta }),
      ...(cause ? { err: cause } : {}),
    };
    if (definition.log === 'error') this.logger.error(line);
    else if (definition.log === 'warn') this.logger.warn(line);
    else this.logger.log(line);
  }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: AppError): void {
  const { definition, context } = error;
  if (context.retryAfterSeconds !== undefined) reply.header('retry-after', String(context.retryAfterSeconds));
  // A route may allow its answers to be cached; that must not hold for its errors.
  reply.header('cache-control', 'no-store');
  if (bodyUnread(request)) reply.header('connection', 'close');
  const oauth = oauthErrorOf(request, definition);
  const isPlain = oauth !== undefined && wantsPlainJson(request);
  reply
    .code(definition.status)
    .header('content-type', isPlain ? 'application/json; charset=utf-8' : PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify({ ...problemOf(definition, request.id, context), ...oauth }));
}

// A client that was refused before its body was read does not get to send the rest of it (case A83).
function bodyUnread({ raw }: FastifyRequest): boolean {
  const announced = raw.headers['transfer-encoding'] !== undefined || Number(raw.headers['content-length'] ?? 0) > 0;
  return announced && !raw.complete;
}
