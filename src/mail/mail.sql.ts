// SQL fragment that queues the job of a mail. It is for the statement that makes the change the mail is about, so that both are committed
// together (D5).
import { addJob } from '../jobs/jobs.sql';

/** How many mails are sent at a time, over all instances. With more, a relay that hangs could occupy all workers, also those for codes by SMS. */
const LANES = 8;
/** The pauses between tries grow, so ten tries take three and a half hours, longer than any code lives. The source says when it is too late. */
const TRIES = 10;

interface MailJob {
  /** SQL of the name of a MailSource; constants of ours only. */
  readonly source: string;
  /** SQL of the id of what the mail is about. */
  readonly id: string;
  /** SQL of the number of the send. */
  readonly send: string;
  /** The same as for addJob. */
  readonly delaySeconds?: string;
}

/** @returns an SQL expression of type graphile_worker.jobs, like that of addJob */
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
