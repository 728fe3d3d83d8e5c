// The body that the API reads: a JSON object in UTF-8, uncompressed, at most 16 kB, 20 levels deep, with at most 100 keys (case A83).
// Refusals name no position and quote nothing. Names that every object has, such as `__proto__` and `constructor`, are refused here, because the
// validation that follows would drop them silently (case A81).
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

export const BODY_LIMIT_BYTES = 16 * 1024;
const MAX_DEPTH = 20;
const MAX_KEYS = 100;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

export function acceptJsonOnly(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addHook('preParsing', (request, _reply, _payload, done) => done(unsupportedEncoding(request)));
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (request.routeOptions.config.rawBody === true) return done(null, body);
    // Some client libraries always name the type, even without a body. Routes that need no body accept that.
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body) || BYTE_ORDER_MARK.every((byte, index) => body[index] === byte)) return done(invalid('encoding'));
    void parse(request, body.toString('utf8'), (error, value: unknown) => {
      if (error !== null) return done(invalid('not JSON'));
      const problem = shapeProblem(value);
      if (problem !== undefined) return done(invalid(problem));
      done(null, value);
    });
  });
}

// Nothing is decompressed, so a small body cannot become a large one.
function unsupportedEncoding({ headers }: FastifyRequest): AppError | null {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return unsupported('content-encoding');
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return unsupported('charset');
  return null;
}

/** @returns why the value is refused: it is no object, too deep, has too many keys, or keys that no body may have */
function shapeProblem(body: unknown): string | undefined {
  if (!isNode(body) || Array.isArray(body)) return 'not an object';
  let level: object[] = [body];
  let keys = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return 'too deep';
    for (const node of level) keys += Array.isArray(node) ? 0 : Object.keys(node).length;
    if (keys > MAX_KEYS) return 'too many keys';
    if (level.some((node) => Object.keys(node).some(isInherited))) return 'a key that every object has';
    level = level.flatMap((node) => Object.values(node).filter(isNode));
  }
  return undefined;
}

function isInherited(key: string): boolean {
  return key === 'prototype' || key in Object.prototype;
}

function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function invalid(reason: string): AppError {
  return new AppError(platformErrors.validation_failed, { reason: `body: ${reason}`, errors: [] });
}

function unsupported(reason: string): AppError {
  return new AppError(platformErrors.unsupported_media_type, { reason });
}
