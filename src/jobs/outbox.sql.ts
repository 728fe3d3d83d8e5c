// What its author does with rows of job_outbox (postJob in jobs.sql.ts). What nobody has done or kept for 5 s is called out with the next
// heartbeat of any instance, and goes to the queue with another when nobody has kept it in the 5 s after (trigger queue_due_jobs,
// migration 106). By the database's clock alone.
import { namedStatement } from '../database/sql';

interface Keys {
  readonly keys: readonly string[];
}

export const forget = namedStatement<Keys>('outbox_forget', 'DELETE FROM job_outbox WHERE key = ANY(:keys::text[])');

/** As long again as a row has at first. What it does not return, the queue has. */
export const keep = namedStatement<Keys>(
  'outbox_keep',
  `UPDATE job_outbox SET due_at = clock_timestamp() + interval '5 seconds', is_called = false WHERE key = ANY(:keys::text[]) RETURNING key`,
);

/** In one commit, so that none is lost and none is there twice. */
export const giveToQueue = namedStatement<Keys>(
  'outbox_give_to_queue',
  `WITH given AS (DELETE FROM job_outbox WHERE key = ANY(:keys::text[]) RETURNING *)
   SELECT (graphile_worker.add_job(name, payload, job_key := key, job_key_mode := 'unsafe_dedupe', max_attempts := max_attempts)).id FROM given`,
);
