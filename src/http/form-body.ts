// The other body that the API reads: a form, on routes that say so (the RFCs of OAuth demand it; design section 2). The bounds are those of JSON.
// A parameter that comes twice is refused; one without a value counts as absent (RFC 6749 sections 3.1 and 3.2).
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes a form; everywhere else a form is 415. */
    readonly forms?: boolean;
  }
}

const MAX_PARAMETERS = 100;

/** Must be called after acceptJsonOnly. */
export function acceptForms(server: FastifyInstance): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      if (request.routeOptions.config.rawBody === true) return done(null, body);
      if (request.routeOptions.config.forms !== true) {
        return done(new AppError(platformErrors.unsupported_media_type, { reason: 'a form' }));
      }
      const parameters = isUtf8(body) ? [...new URLSearchParams(body.toString('utf8'))] : undefined;
      if (parameters === undefined || parameters.length > MAX_PARAMETERS) return done(invalid('encoding or size'));
      const names = new Set(parameters.map(([name]) => name));
      if (names.size < parameters.length) return done(invalid('a parameter twice'));
      // An object without a prototype, so that no name has a meaning of its own.
      const form = Object.create(null) as Record<string, string>;
      for (const [name, value] of parameters) if (value !== '') form[name] = value;
      done(null, form);
    },
  );
}

function invalid(reason: string): AppError {
  return new AppError(platformErrors.validation_failed, { reason: `form: ${reason}`, errors: [] });
}
