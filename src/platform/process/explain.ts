import { OperatorError } from './operator-error';

type ErrorClass = new (...given: never[]) => Error;

/**
 * What a program prints about the error that ends it: one line for errors that the operator can mend, which are our OperatorErrors, the given
 * classes, and errors with a code (of the system or PostgreSQL). For others, which are bugs, the stack.
 */
export function explain(error: unknown, forOperators: readonly ErrorClass[] = []): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  const mendable = code !== undefined || [OperatorError, ...forOperators].some((known) => error instanceof known);
  if (!mendable) return error.stack ?? error.message;
  const text = listenProblem(error) ?? databaseProblem(error) ?? (error.message || code || error.name);
  return text.replace(/\s*\n\s*/g, ' ');
}

/** Who is allowed to do it, and to whom it gives rights. */
export const MIGRATE_AS_OWNER = 'npm run migrate with MIGRATION_DATABASE_URL and DATABASE_URL';

/** What to do when the database answers and refuses, by SQLSTATE. */
const mends = new Map([
  ...['28000', '28P01', '3D000'].map((code) => [code, 'set DATABASE_URL'] as const), // role, password, name
  ...['42P05', '26000'].map((code) => [code, 'behind a pooling proxy set DATABASE_PREPARED=false'] as const),
  ['42501', `run ${MIGRATE_AS_OWNER}`],
]);

// A start connects only to the database, so connection errors are taken for the database's.
export function databaseProblem({ code = '', syscall, message }: NodeJS.ErrnoException): string | undefined {
  const isUnreachable = syscall === 'connect' || syscall === 'getaddrinfo';
  const mend = isUnreachable ? 'set DATABASE_URL' : mends.get(code);
  return mend && `the database cannot be used: ${message || code}; ${mend}`;
}

function listenProblem(error: NodeJS.ErrnoException & { port?: number }): string | undefined {
  // In a cluster the supervisor binds the port for all instances, so the failing call is `bind`.
  if (error.syscall !== 'listen' && error.syscall !== 'bind') return undefined;
  if (error.code !== 'EADDRINUSE') return `cannot listen (${error.message}): set HOST and PORT`;
  return `port ${error.port} is in use: set PORT to another, or 0 for a free one`;
}
