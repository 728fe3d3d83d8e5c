// A named SQL statement. It is prepared once per connection and then only bound, which is twice as fast (performance.md 3).
// A statement is a constant: within a process one name must always stand for the same text.
import { currentUserAgentHash } from '../platform/request/request-context';
import { currentTraceparent } from '../platform/tracing/tracer';

export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** @param name unique among all statements, at most 63 bytes (PostgreSQL truncates longer ones). */
export function statement(name: string, text: string): Statement {
  return { name, text };
}

/** A statement without a name: not prepared, but planned for its values each time. For filters that may be absent; never on a hot path. */
export function planned(text: string): Statement {
  return { name: '', text };
}

/** What runs statements: the pool, or an open transaction. */
export interface Sql {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** A statement whose parameters have names (:now) instead of numbers; `with` binds them by name. */
export interface NamedStatement<Parameters extends object> {
  /** @returns the arguments of Sql.run. Every parameter must be given: null is a value, undefined an error in our code */
  with(parameters: Parameters): [Statement, unknown[]];
}

/** A parameter that namedStatement binds by itself: the W3C trace context of the running code, for a job that continues the trace. */
export const TRACEPARENT = 'traceparent';

/** Bound by itself as well: the digest of the browser's name for the audit log; null outside of a request. */
const USER_AGENT_HASH = 'userAgentHash';

const ambient: Readonly<Record<string, () => unknown>> = {
  [TRACEPARENT]: currentTraceparent,
  [USER_AGENT_HASH]: currentUserAgentHash,
};

const parameterName = /(?<![:\w]):([a-zA-Z]\w*)/g;

/** Turns :names into $1, $2 ... in order of first use. Casts (::text) stay as they are. */
export function namedStatement<Parameters extends object>(name: string, text: string): NamedStatement<Parameters> {
  const names: string[] = [];
  const numbered = text.replace(parameterName, (_, parameter: string) => {
    if (!names.includes(parameter)) names.push(parameter);
    return `$${names.indexOf(parameter) + 1}`;
  });
  const compiled = statement(name, numbered);
  return {
    with: (parameters) => [
      compiled,
      names.map((name) => (name in ambient ? ambient[name]?.() : parameters[name as keyof Parameters])),
    ],
  };
}
