// Fragment: the mail that a spanning statement gives rise to, put in the queue by that statement, so that the two commit together (D5).
import { addJob } from '../jobs/jobs.sql';

/**
 * A relay that hangs must not keep the workers from sending codes by SMS: mail has so many lanes, over all instances, and a lane
 * sends one after the other.
 */
const LANES = 8;
/** With the queue's growing pauses more than an hour, and longer than any code lives: the source says when it is too late. */
const TRIES = 10;

interface MailJob {
  /** SQL of the name of a MailSource: literals of ours. */
  readonly source: string;
  /** SQL of the id of the thing to tell about. */
  readonly id: string;
  /** SQL of the number of the send. */
  readonly send: string;
  /** As addJob's. */
  readonly delaySeconds?: string;
}

/** An expression of type graphile_worker.jobs, as addJob's. */
export function mailJob({ source, id, send, delaySeconds }: MailJob): string {
  return addJob({
    name: 'mail',
    payload: `json_build_object('source', ${source}, 'id', ${id}, 'send', ${send})`,
    key: `'mail:' || ${source} || ':' || ${id} || ':' || ${send}`,
    queue: `'mail' || abs(hashtext(${id}::text) % ${LANES})`,
    maxAttempts: TRIES,
    ...(delaySeconds !== undefined && { delaySeconds }),
  });
}
