// Fragments with which a statement puts a job in the queue (addJob) or in the outbox (postJob), so that a row and its job commit together
// (D5). Jobs of the outbox are begun by the instance that posts them (ADR 89). add_job sends a NOTIFY, and PostgreSQL makes transactions with
// a NOTIFY commit one after the other: so addJob must not be used by a password check, verify, refresh or receipt (protocol.md 7).
import { TRACEPARENT } from '../database/sql';

/**
 * Runs of a send at most. Between them the queue pauses 3, 7, 20, 55, 148 and 403 s, in sum longer than a code lives (10 min at most). So when
 * the database keeps refusing the send's records, the last run comes after the code has expired, and records that it was too late (N10).
 */
export const SEND_TRIES = 7;

/**
 * A query: job, due_at. Of those that are due nobody has one. A job that waits for its time or for its next try is not late, and neither is a posted
 * job that its instance still keeps for itself (ADR 89).
 */
export const dueJobs = `
    SELECT task_identifier AS job, run_at AS due_at FROM graphile_worker.jobs WHERE locked_at IS NULL AND attempts < max_attempts
    UNION ALL SELECT name, due_at FROM job_outbox`;

export interface JobFragment {
  /** The name it was registered with; a constant of ours, never input. */
  readonly name: string;
  /** SQL expression of type json. It must not contain a secret: every reader of the queue's tables sees it. */
  readonly payload: string;
  /** SQL expression of type text. A waiting job with the same key is replaced. */
  readonly key?: string;
  /**
   * The key is never used twice, so the queue need not look for a job to replace. That saves a third of what adding a job costs the database.
   * Should there be a job with this key all the same, it stays unchanged.
   */
  readonly isKeyNew?: boolean;
  /** SQL expression: seconds until the job is due. Not an instant, because the queue runs on the database's clock, and Clock may be moved. */
  readonly delaySeconds?: string;
  /** SQL expression of type text: the lane. Of the jobs of one lane only one runs at a time, over all instances. */
  readonly lane?: string;
  /** How often the job is run at most, runs that crashed included; 1 to 25. */
  readonly maxAttempts: number;
}

/** The row that the statement of postJob returns. */
export interface PostedJob {
  readonly key: string;
  readonly name: string;
  readonly payload: unknown;
}

/** A job whose key is never used twice. */
export type NewJob = Pick<JobFragment, 'name' | 'payload' | 'maxAttempts'> & Required<Pick<JobFragment, 'key'>>;

/**
 * Puts a job in the outbox. The caller has to begin it once the statement is committed (Outbox.begin, ADR 89).
 * @param from FROM clause with its WHERE; must give one row at most
 * @returns an INSERT that returns a PostedJob
 */
export function postJob({ key, name, payload, maxAttempts }: NewJob, from: string): string {
  return `INSERT INTO job_outbox (key, name, payload, max_attempts)
    SELECT ${key}, '${name}', ${traced(payload)}, ${maxAttempts} ${from} RETURNING key, name, payload`;
}

/**
 * A call of add_job, as an expression of type graphile_worker.jobs. The main query must read the CTE that it stands in, or PostgreSQL skips
 * the call: `job AS (SELECT (${addJob(..)}).id FROM made)` and `SELECT .. FROM made LEFT JOIN job ON true`.
 */
export function addJob({ name, payload, key, isKeyNew, lane, delaySeconds, maxAttempts }: JobFragment): string {
  const values = [
    `identifier := '${name.replaceAll("'", "''")}'`,
    `payload := ${traced(payload)}`,
    `max_attempts := ${maxAttempts}`,
    ...(key === undefined ? [] : [`job_key := ${key}`]),
    ...(isKeyNew === true ? [`job_key_mode := 'unsafe_dedupe'`] : []),
    ...(lane === undefined ? [] : [`queue_name := ${lane}`]),
    ...(delaySeconds === undefined ? [] : [`run_at := now() + make_interval(secs => ${delaySeconds})`]),
  ];
  return `graphile_worker.add_job(${values.join(', ')})`;
}

/** The payload, with the trace of the code that runs the statement if there is one (ADR 71). */
function traced(payload: string): string {
  const parameter = `:${TRACEPARENT}::text`;
  return `CASE WHEN ${parameter} IS NULL THEN ${payload} ELSE ((${payload})::jsonb || jsonb_build_object('${TRACEPARENT}', ${parameter}))::json END`;
}
