// Translates errors of pg: a database that is away, slow or full is a 503; any other error stays what it is (F18 to F20, F31).
import { AppError } from '../platform/errors/app-error';
import { platformErrors } from '../platform/errors/platform.errors';

const overloadedStates = new Set(['55P03', '57014', '53200', '53300', '53400', '40001', '40P01', '25P03']);
const READ_ONLY = '25006';

/** Thrown inside `withClient` when the connection turns out to be read-only. It is closed then, so that the next one may reach a writable server. */
export class ReadOnlyConnection extends Error {
  readonly code = READ_ONLY;
}

/** A read-only server (a standby, or a provider's reaction to a full disk), a full disk, unreadable files: a retry after a second will not help. */
const noWrites = new Set([READ_ONLY, '53100', '58030']);
const unreachable = /^(08|57P0)/;
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);
/** The pool's message when no connection came free within 2 s (F19). */
const poolBusy = 'timeout exceeded when trying to connect';
const driverTexts = /Connection terminated|Client has encountered a connection error|not queryable|Query read timeout/;

/** Whether the connection is still usable after this error: the server has refused a statement, and will take others. */
export function leavesConnection(error: unknown): boolean {
  const { severity, code } = error as { severity?: unknown; code?: unknown };
  return severity === 'ERROR' && !noWrites.has(String(code));
}

/** @returns the AppError for a failure of the database itself; any other error, which is a bug of ours, unchanged */
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
