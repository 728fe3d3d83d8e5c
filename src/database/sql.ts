// A named SQL statement: prepared once per connection, then bound (2x over unnamed ones, performance.md 3).
// One constant per statement; never a name on text that varies within a process.
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

/** Not prepared but planned for its values each time: for filters that may or may not be given, off every hot path. */
export function planned(text: string): Statement {
  return { name: '', text };
}

/** Anything that runs statements: the pool, or an open transaction. */
export interface Sql {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}

/** A statement whose parameters have names (:now) instead of numbers; `with` binds them by name. */
export interface NamedStatement<Parameters extends object> {
  /** @returns the arguments of Sql.run. Every name must be given; undefined is a mistake, null is a value. */
  with(parameters: Parameters): [Statement, unknown[]];
}

/** Bound by itself, in whichever statement it stands: the W3C trace context of the running code, for a job that goes on with it. */
export const TRACEPARENT = 'traceparent';

/** What the audit log keeps of the browser, bound likewise; null outside of a request. */
const USER_AGENT_HASH = 'userAgentHash';

const ambient: Readonly<Record<string, () => unknown>> = {
  [TRACEPARENT]: currentTraceparent,
  [USER_AGENT_HASH]: currentUserAgentHash,
};

const parameterName = /(?<![:\w]):([a-zA-Z]\w*)/g;

/** Turns :names into $1.. in order of first use. A cast (::text) is left alone. */
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
