// An error as the log shows it: name, message, stack, code and causes. Errors of the driver also contain the statement, its parameters and the
// row in conflict, errors of HTTP the whole exchange. None of that is written.

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly errorCode?: string;
  readonly constraint?: string;
  readonly cause?: LoggedError;
}

const CAUSES = 4;

export function serializeError(thrown: unknown, depth = CAUSES): LoggedError {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: 'a value that is not an Error was thrown' };
  const { stack, cause } = thrown;
  return {
    type: thrown.constructor.name,
    message: thrown.message,
    ...(stack === undefined ? {} : { stack }),
    ...text(thrown, 'code', 'errorCode'),
    ...text(thrown, 'constraint', 'constraint'),
    ...(cause === undefined || depth === 0 ? {} : { cause: serializeError(cause, depth - 1) }),
  };
}

function text<Name extends string>(thrown: Error, property: string, name: Name): Partial<Record<Name, string>> {
  const value: unknown = (thrown as unknown as Record<string, unknown>)[property];
  return typeof value === 'string' ? ({ [name]: value } as Record<Name, string>) : {};
}
