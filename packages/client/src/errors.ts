// One class for everything that can go wrong in a call, so that an application switches on one `code`.
import type { Gate } from './api.ts';
import type { ApiErrorCode } from './error-codes.generated.ts';

/**
 * Beside the codes of the API (docs/errors.md):
 * - `network`: no answer came; whether the request was carried out is not known
 * - `timeout`: likewise, and the time was up
 * - `bad_answer`: the answer is not Latchkey's; something between may have made it
 * - `signed_out`: there is no session, or it has ended
 * - `storage_failed`: the storage does not take the tokens; they are kept in memory and stored with the next call
 */
export type LatchkeyErrorCode = ApiErrorCode | 'network' | 'timeout' | 'bad_answer' | 'signed_out' | 'storage_failed';

export interface FieldError {
  /** RFC 6901 pointer into the request, such as `/phone`. */
  readonly pointer: string;
  readonly code: string;
}

/** What may come with a code. */
export interface ErrorFacts {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** With `code_invalid`. */
  readonly attemptsLeft?: number;
  /** With `second_factor_required`. */
  readonly methods?: readonly string[];
  /** With `validation_failed` and `conflict`. */
  readonly errors?: readonly FieldError[];
  /** With `gate_required`. */
  readonly gate?: Gate;
  /** Quote it to the operator. */
  readonly requestId?: string;
  /** What can be done about it, in English; for a `code` that an application has no words for. */
  readonly detail?: string;
}

export class LatchkeyError extends Error implements ErrorFacts {
  override readonly name = 'LatchkeyError';
  readonly status: number;
  declare readonly retryAfter?: number;
  declare readonly attemptsLeft?: number;
  declare readonly methods?: readonly string[];
  declare readonly errors?: readonly FieldError[];
  declare readonly gate?: Gate;
  declare readonly requestId?: string;
  declare readonly detail?: string;

  constructor(
    /** A later server may have codes that this version does not know. */
    readonly code: LatchkeyErrorCode,
    message: string,
    facts: ErrorFacts = { status: 0 },
    cause?: unknown,
  ) {
    super(message, cause === undefined ? {} : { cause });
    this.status = facts.status;
    Object.assign(this, facts);
  }
}

/** For what Latchkey would not say, which therefore tells nothing of it. @param status of HTTP */
export function badAnswer(what: string, status: number): LatchkeyError {
  return new LatchkeyError('bad_answer', what, { status });
}

/** @param body what came with the status, parsed; a problem document (RFC 9457) with a type of ours when Latchkey made it */
export function errorFrom(status: number, body: unknown): LatchkeyError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { type, code, title } = problem;
  // A proxy's refusals may have a code as well. Taken for ours, its 401 would end a session.
  const isOurs = typeof code === 'string' && type === `urn:latchkey:problem:${code}`;
  if (!isOurs) return badAnswer(`answered ${status}`, status);
  const { retryAfter, attemptsLeft, methods, errors, gate, requestId, detail } = problem;
  const there = Object.entries({ retryAfter, attemptsLeft, methods, errors, gate, requestId, detail }).filter(
    ([, value]) => value !== undefined,
  );
  const facts = { status, ...Object.fromEntries(there) };
  return new LatchkeyError(code as LatchkeyErrorCode, typeof title === 'string' ? title : code, facts);
}
