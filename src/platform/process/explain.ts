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
  const text = error.message || code || error.name;
  return text.replace(/\s*\n\s*/g, ' ');
}
