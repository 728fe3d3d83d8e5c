import { ForbiddenException, ImATeapotException, NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { AppError } from './app-error';
import { defineErrors } from './define-errors';
import { problemOf } from './problem';
import { toAppError } from './translate-error';

const { spec_locked: locked } = defineErrors({
  spec_locked: { status: 429, title: 'Locked', detail: 'Start again.', log: 'warn' },
});

const fastifyError = (statusCode: number) =>
  Object.assign(new Error('Unexpected token in {"secret":1}'), { code: 'FST_ERR_CTP', statusCode });

describe('a problem document (D14)', () => {
  // ASVS 4.1.1
  it('has the public members of the refusal and none of the private ones', () => {
    const context = {
      reason: 'private',
      cause: new Error('private'),
      meta: { private: true },
      retryAfterSeconds: 60,
      attemptsLeft: 0,
      methods: ['totp'],
      errors: [{ pointer: '/code', code: 'wrong' }],
    };
    const problem = problemOf(locked, 'r1', context);
    expect(problem).toEqual({
      type: 'urn:latchkey:problem:spec_locked',
      title: 'Locked',
      status: 429,
      detail: 'Start again.',
      code: 'spec_locked',
      requestId: 'r1',
      retryAfter: 60,
      attemptsLeft: 0,
      methods: ['totp'],
      errors: [{ pointer: '/code', code: 'wrong' }],
    });
    expect(JSON.stringify(problem)).not.toContain('private');
  });
});

describe('what was thrown becomes one of our errors (A93)', () => {
  it.each<[string, unknown, string]>([
    ['an AppError, as it is', new AppError(locked), 'spec_locked'],
    ["Nest's 404", new NotFoundException('secret'), 'not_found'],
    ["Nest's 503", new ServiceUnavailableException('secret'), 'not_ready'],
    ["Fastify's 400", fastifyError(400), 'validation_failed'],
    ["Fastify's 413", fastifyError(413), 'payload_too_large'],
    ["Fastify's 415", fastifyError(415), 'unsupported_media_type'],
    [
      'an upload that broke off',
      Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode: 400 }),
      'validation_failed',
    ],
    ["Fastify's 500", fastifyError(500), 'internal'],
    ['a status of Nest we do not use', new ImATeapotException('secret'), 'internal'],
    ['a 403 nobody declared', new ForbiddenException('secret'), 'internal'],
    ["a vendor's error that has a status", Object.assign(new Error('x'), { statusCode: 404 }), 'internal'],
    ["a driver's broken connection", Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'internal'],
    ['a string', 'secret', 'internal'],
    ['nothing', undefined, 'internal'],
  ])('%s', (_, thrown, code) => {
    const error = toAppError(thrown);
    expect(error.code).toBe(code);
    expect(JSON.stringify(problemOf(error.definition, 'r', error.context))).not.toContain('secret');
  });

  it('tells when to come back on every 503', () => {
    expect(toAppError(new ServiceUnavailableException()).context.retryAfterSeconds).toBe(1);
  });
});
