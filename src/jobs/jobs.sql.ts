// Fragments that put a job in the queue (addJob) or in the outbox (postJob) from within a spanning statement, so that the row and its job
// commit together (D5). The outbox is for what this instance begins itself (ADR 89).
// add_job sends NOTIFY, which queues commits behind one another: never on password check, verify, refresh or receipts (protocol.md 7).
import { TRACEPARENT } from '../database/sql';

/**
 * Runs of a send. The queue pauses 3, 7, 20, 55, 148 and 403 s between them, longer than any code lives (10 min). So a send whose records the
 * database refuses is tried until its code has expired, and the last run tells that it came too late (N10).
 */
export const SEND_TRIES = 7;

export interface JobFragment {
  /** Registered name of the job; a literal of ours. */
  readonly name: string;
  /** SQL expression of type json. No secret belongs in it: the queue is readable. */
  readonly payload: string;
  /** SQL expression of type text: a waiting job of the same key is replaced, not doubled. */
  readonly key?: string;
  /**
   * The key is used only once, so the queue need not look for a job to replace: that is a third of what adding a job costs the database.
   * If there is one all the same, it stays as it is, whatever became of it.
   */
  readonly isKeyNew?: boolean;
  /** SQL expression in seconds. A duration, because the queue runs on the database's clock and ours may be moved. */
  readonly delaySeconds?: string;
  /** SQL expression of type text: of the jobs of one queue one runs at a time, on whichever instance. */
  readonly queue?: string;
  /** Runs at most, crashes included; 1 to 25. */
  readonly maxAttempts: number;
}

/** As it comes back from postJob. */
export interface PostedJob {
  readonly key: string;
  readonly name: string;
  readonly payload: unknown;
}

/** A job with a key that is used once. */
export type NewJob = Pick<JobFragment, 'name' | 'payload' | 'maxAttempts'> & Required<Pick<JobFragment, 'key'>>;

/**
 * A job that whoever runs this statement begins as soon as it is committed (Outbox.begin, ADR 89).
 * @param from FROM clause with its WHERE: at most one row
 * @returns an INSERT into the outbox that returns a PostedJob
 */
export function postJob({ key, name, payload, maxAttempts }: NewJob, from: string): string {
  return `INSERT INTO job_outbox (key, name, payload, max_attempts)
    SELECT ${key}, '${name}', ${traced(payload)}, ${maxAttempts} ${from} RETURNING key, name, payload`;
}

/**
 * The call as an expression of type graphile_worker.jobs. Inside a CTE the main query must read that CTE, or PostgreSQL
 * skips it: `job AS (SELECT (${addJob(..)}).id FROM made)` and `SELECT .. FROM made LEFT JOIN job ON true`.
 */
export function addJob({ name, payload, key, isKeyNew, queue, delaySeconds, maxAttempts }: JobFragment): string {
  const values = [
    `identifier := '${name.replaceAll("'", "''")}'`,
    `payload := ${traced(payload)}`,
    `max_attempts := ${maxAttempts}`,
    ...(key === undefined ? [] : [`job_key := ${key}`]),
    ...(isKeyNew === true ? [`job_key_mode := 'unsafe_dedupe'`] : []),
    ...(queue === undefined ? [] : [`queue_name := ${queue}`]),
    ...(delaySeconds === undefined ? [] : [`run_at := now() + make_interval(secs => ${delaySeconds})`]),
  ];
  return `graphile_worker.add_job(${values.join(', ')})`;
}

/** With the trace of the code that runs the statement, where there is one (ADR 71). */
function traced(payload: string): string {
  const parameter = `:${TRACEPARENT}::text`;
  return `CASE WHEN ${parameter} IS NULL THEN ${payload} ELSE ((${payload})::jsonb || jsonb_build_object('${TRACEPARENT}', ${parameter}))::json END`;
}
