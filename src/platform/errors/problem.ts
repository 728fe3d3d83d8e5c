// The body of every refusal: RFC 9457 problem details with members of our own (design D14). Contains public texts only.
import type { ErrorContext, FieldError } from './app-error';
import type { ErrorDefinition } from './define-errors';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly retryAfter?: number;
  readonly attemptsLeft?: number;
  readonly methods?: readonly string[];
  readonly errors?: readonly FieldError[];
  readonly gate?: object;
}

/** @param context its private members (reason, cause, meta) do not go into the problem */
export function problemOf(definition: ErrorDefinition, requestId: string, context: ErrorContext = {}): Problem {
  const { code, status, title, detail } = definition;
  const { retryAfterSeconds, attemptsLeft, methods, errors, gate } = context;
  return {
    type: `urn:latchkey:problem:${code}`,
    title,
    status,
    detail,
    code,
    requestId,
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
    ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
    ...(methods === undefined ? {} : { methods }),
    ...(errors === undefined ? {} : { errors }),
    ...(gate === undefined ? {} : { gate }),
  };
}
