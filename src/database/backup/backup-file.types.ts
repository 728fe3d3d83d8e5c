// The file of a backup, gzip of lines: the header as JSON; per table its name and columns as JSON, its rows as COPY writes them (which
// has no line break inside a row), and `\.`; the jobs in the same way; at the end `{"rows":n}`, without which it is not whole.

export const FORMAT = 'latchkey-backup/1';
/** COPY's own end of data; no row can look like it, because COPY escapes a backslash. */
export const END_OF_ROWS = '\\.';
/** Not a table of ours: what waits in the queue. */
export const JOBS = 'jobs';
export const JOB_COLUMNS = [
  'identifier',
  'payload',
  'queue_name',
  'run_at',
  'max_attempts',
  'key',
  'priority',
] as const;

export interface BackupHeader {
  readonly format: typeof FORMAT;
  /** ISO 8601, by the database's clock. */
  readonly at: string;
  /** Of database_state. */
  readonly database: string;
  readonly mark: number;
  readonly migrations: readonly string[];
}
