// A named SQL statement: prepared once per connection, then bound (2x over unnamed ones, performance.md 3).
// One constant per statement; never a name on text that varies within a process.

export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** @param name unique among all statements, at most 63 bytes (PostgreSQL truncates longer ones). */
export function statement(name: string, text: string): Statement {
  return { name, text };
}

/** Anything that runs statements: the pool, or an open transaction. */
export interface Sql {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>;
}
