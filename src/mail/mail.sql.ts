// Fragment: the job of a mail, for the statement that gives rise to it, so that both are committed together (D5).
import { addJob } from '../jobs/jobs.sql';

/** How many mails are being sent at a time, over all instances. More could occupy all workers when the relay hangs, also those for codes by SMS. */
const LANES = 8;
/** Pauses between tries grow, so these take more than an hour, longer than any code lives. The source says when it is too late for a mail. */
const TRIES = 10;

interface MailJob {
  /** SQL of the name of a MailSource; constants of ours only. */
  readonly source: string;
  /** SQL of the id of what the mail is about. */
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
    lane: `'mail' || abs(hashtext(${id}::text) % ${LANES})`,
    maxAttempts: TRIES,
    ...(delaySeconds !== undefined && { delaySeconds }),
  });
}
