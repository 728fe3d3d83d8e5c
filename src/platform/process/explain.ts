import { OperatorError } from './operator-error';

type ErrorClass = new (...given: never[]) => Error;

/**
 * What an entry point says about an error that ends it. One line for whatever the operator can mend: our OperatorErrors,
 * the given classes and errors with a code (system and PostgreSQL). The stack for the rest, which are bugs.
 */
export function explain(error: unknown, forOperators: readonly ErrorClass[] = []): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const mendable = code !== undefined || [OperatorError, ...forOperators].some((known) => error instanceof known);
  if (!mendable) return error.stack ?? error.message;
  const text = listenProblem(error) ?? databaseProblem(error) ?? (error.message || code || error.name);
  return text.replace(/\s*\n\s*/g, ' ');
}

/** SQLSTATE: no such role, wrong password, no such database. */
const refusals = ['28000', '28P01', '3D000'];

// The database is all that a start connects to and cannot do without.
function databaseProblem({ code = '', syscall, message }: NodeJS.ErrnoException): string | undefined {
  const isUnreachable = syscall === 'connect' || syscall === 'getaddrinfo';
  if (!isUnreachable && !refusals.includes(code)) return undefined;
  return `the database cannot be used: ${message || code}; set DATABASE_URL`;
}

function listenProblem(error: NodeJS.ErrnoException & { port?: number }): string | undefined {
  // Below a supervisor it is `bind` that fails, on behalf of all instances.
  if (error.syscall !== 'listen' && error.syscall !== 'bind') return undefined;
  if (error.code !== 'EADDRINUSE') return `cannot listen (${error.message}): set HOST and PORT`;
  return `port ${error.port} is in use: set PORT to another, or 0 for a free one`;
}
