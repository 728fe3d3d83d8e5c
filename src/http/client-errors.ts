// Errors that the HTTP parser finds before there is a request. They are answered directly on the socket, which is then closed.
import type { Socket } from 'node:net';
import type { ErrorDefinition } from '../platform/errors/define-errors';
import { platformErrors } from '../platform/errors/platform.errors';
import { PROBLEM_CONTENT_TYPE, problemOf } from '../platform/errors/problem';
import { SECURITY_HEADERS } from './security-headers';

const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** @param newRequestId makes the id of the refusal, which every answer has */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket, newRequestId: () => string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') socket.end(TIMED_OUT);
  else socket.end(rawProblem(definitionOf(error), newRequestId()));
  // The peer may keep its side open, but nothing more is read from it.
  socket.destroySoon();
}

function definitionOf(error: NodeJS.ErrnoException): ErrorDefinition {
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW' || error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW';
  return tooLarge ? platformErrors.payload_too_large : platformErrors.validation_failed;
}

function rawProblem(definition: ErrorDefinition, requestId: string): string {
  const body = JSON.stringify(problemOf(definition, requestId));
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': PROBLEM_CONTENT_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const phrase = definition.status === 413 ? 'Payload Too Large' : 'Bad Request';
  return [`HTTP/1.1 ${definition.status} ${phrase}`, ...lines, '', body].join('\r\n');
}
