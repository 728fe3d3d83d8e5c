// What an instance does with its rows of job_outbox (postJob in jobs.sql.ts). A job that is neither done nor kept for 5 s is called out by the
// next heartbeat of any instance. When nobody keeps it in the 5 s after that, a heartbeat moves it to the queue (trigger queue_due_jobs,
// migration 106). All these times are of the database's clock.
import { namedStatement } from '../database/sql';

interface Keys {
  readonly keys: readonly string[];
}

export const forget = namedStatement<Keys>('outbox_forget', 'DELETE FROM job_outbox WHERE key = ANY(:keys::text[])');

/** Reserves jobs for 5 more seconds, like a new row. A job that is missing in the result has gone to the queue. */
export const keep = namedStatement<Keys>(
  'outbox_keep',
  `UPDATE job_outbox SET due_at = clock_timestamp() + interval '5 seconds', is_called = false WHERE key = ANY(:keys::text[]) RETURNING key`,
);

/** Deletes and adds in one commit, so that no job is lost or doubled. */
export const giveToQueue = namedStatement<Keys>(
  'outbox_give_to_queue',
  `WITH given AS (DELETE FROM job_outbox WHERE key = ANY(:keys::text[]) RETURNING *)
   SELECT (graphile_worker.add_job(name, payload, job_key := key, job_key_mode := 'unsafe_dedupe', max_attempts := max_attempts)).id FROM given`,
);
