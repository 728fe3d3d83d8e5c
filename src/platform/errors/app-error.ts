import type { ErrorDefinition } from './define-errors';

export interface FieldError {
  /** RFC 6901 pointer into the request body, for example /phone. */
  readonly pointer: string;
  readonly code: string;
}

export interface ErrorContext {
  /** Private, for the log: why this request was refused. Never sent to the client. */
  readonly reason?: string;
  readonly cause?: unknown;
  readonly meta?: Record<string, unknown>;
  /** Public members of the problem document (design D14). */
  readonly retryAfterSeconds?: number;
  readonly attemptsLeft?: number;
  readonly methods?: readonly string[];
  readonly errors?: readonly FieldError[];
  /** What the client has to pass before it asks again; the members are those of the challenge gate. */
  readonly gate?: object;
}

/** A refusal that the client is told about. Services throw it after their transaction has ended, never inside. */
export class AppError extends Error {
  constructor(
    readonly definition: ErrorDefinition,
    readonly context: ErrorContext = {},
  ) {
    super(`${definition.code}${context.reason === undefined ? '' : `: ${context.reason}`}`, { cause: context.cause });
  }

  get code(): string {
    return this.definition.code;
  }
}
