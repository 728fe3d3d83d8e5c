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

/** Who has the right to do it, and who is given it. */
export const MIGRATE_AS_OWNER = 'npm run migrate with MIGRATION_DATABASE_URL and DATABASE_URL';

/** By SQLSTATE: what to do about a database that is there and refuses. */
const mends = new Map([
  ...['28000', '28P01', '3D000'].map((code) => [code, 'set DATABASE_URL'] as const), // role, password, name
  ...['42P05', '26000'].map((code) => [code, 'behind a pooling proxy set DATABASE_PREPARED=false'] as const),
  ['42501', `run ${MIGRATE_AS_OWNER}`],
]);

// The database is all that a start connects to and cannot do without.
export function databaseProblem({ code = '', syscall, message }: NodeJS.ErrnoException): string | undefined {
  const isUnreachable = syscall === 'connect' || syscall === 'getaddrinfo';
  const mend = isUnreachable ? 'set DATABASE_URL' : mends.get(code);
  return mend && `the database cannot be used: ${message || code}; ${mend}`;
}

function listenProblem(error: NodeJS.ErrnoException & { port?: number }): string | undefined {
  // Below a supervisor it is `bind` that fails, on behalf of all instances.
  if (error.syscall !== 'listen' && error.syscall !== 'bind') return undefined;
  if (error.code !== 'EADDRINUSE') return `cannot listen (${error.message}): set HOST and PORT`;
  return `port ${error.port} is in use: set PORT to another, or 0 for a free one`;
}
