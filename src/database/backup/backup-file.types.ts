// The format of a backup file: gzip of lines. First the header as JSON. Then for each table its name and columns as JSON, its rows as COPY
// writes them (a row never contains a line break) and a line `\.`. Then the jobs in the same form. The last line is `{"rows":n}`: a file
// without it is incomplete.

export const FORMAT = 'latchkey-backup/1';
/** COPY's own mark for the end of data. No row can look like it, because COPY escapes backslashes. */
export const END_OF_ROWS = '\\.';
/** Name of the section with the jobs of the queue, which are no table of ours. */
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
  /** ISO 8601, by the clock of the database. */
  readonly at: string;
  /** Id of the database, from table database_state. */
  readonly database: string;
  readonly mark: number;
  readonly migrations: readonly string[];
}
