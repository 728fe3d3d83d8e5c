// Translates what pg throws into our refusals: the database being away, slow or full is 503, never a guess (F18 to F20, F31).
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

const overloadedStates = new Set(['55P03', '57014', '53200', '53300', '53400', '40001', '40P01', '25P03']);
const READ_ONLY = '25006';

/** Thrown in `withClient` by whoever finds the connection read-only: it is not kept, so that the next may find a server that writes. */
export class ReadOnlyConnection extends Error {
  readonly code = READ_ONLY;
}

/** Read-only (a standby, or the provider's answer to a full disk), full, or unable to read its files: nothing a retry within a second mends. */
const noWrites = new Set([READ_ONLY, '53100', '58030']);
const unreachable = /^(08|57P0)/;
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
/** The pool's own words for a wait of 2 s in which no connection came free (F19). */
const poolBusy = 'timeout exceeded when trying to connect';
const driverTexts = /Connection terminated|Client has encountered a connection error|not queryable|Query read timeout/;

/** Whether the connection that an error came over goes on: the server has refused a statement, and would take another. */
export function leavesConnection(error: unknown): boolean {
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  return severity === 'ERROR' && !noWrites.has(String(code));
}

/** Returns the AppError for a failure of the database itself, or the error unchanged when it is a bug of ours. */
export function translateDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const state = typeof code === 'string' ? code : '';
  if (overloadedStates.has(state)) {
    return new AppError(platformErrors.overloaded, { reason: `database ${state}`, cause: error, retryAfterSeconds: 1 });
  }
  if (noWrites.has(state)) {
    return new AppError(platformErrors.not_ready, { reason: `database ${state}`, cause: error, retryAfterSeconds: 5 });
  }
  if (error.message === poolBusy) {
    return new AppError(platformErrors.overloaded, {
      reason: 'no free connection',
      cause: error,
      retryAfterSeconds: 1,
    });
  }
  if (unreachable.test(state) || network.has(state) || driverTexts.test(error.message)) {
    return new AppError(platformErrors.not_ready, {
      reason: 'database unreachable',
      cause: error,
      retryAfterSeconds: 2,
    });
  }
  return error;
}
