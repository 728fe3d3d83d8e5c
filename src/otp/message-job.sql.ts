// Fragments for the statements that issue or resend a challenge: the message, and the alarms of its counters. The message goes into the
// outbox, and the instance that runs the statement begins it after the commit (ADR 89); or it goes into the queue. Mail always goes into
// the queue.
import { event, recordAudit } from '../audit/audit.sql';
import { addJob, type NewJob, postJob } from '../jobs/jobs.sql';

/** How the code goes out. `message`: to the phone. `mail`: to :email only. `both`: to the phone, and where :mails is true a second code to :email. */
export type SentBy = 'message' | 'mail' | 'both';

/** Records alarms together with the send that caused them (design section 2). */
export const alarmsNoted = `alarms_noted AS (
    ${recordAudit({
      event: `CASE alarm.kind WHEN 'closed' THEN ${event('sms_breaker_opened')} ELSE ${event('sms_budget_threshold')} END`,
      reason: 'alarm.scope',
      from: 'FROM took, jsonb_to_recordset(took.alarms) AS alarm(kind text, scope text)',
    })}
  )`;

/** Column `posted` of the main query: the row of the outbox. */
export const postedBy = (sentBy: SentBy) => `${sentBy === 'mail' ? 'NULL::json' : 'row_to_json(posted)'} AS posted`;
/** Joins of the main query. It must read `job` as well, which PostgreSQL would skip otherwise. */
export const joinedJobs = (sentBy: SentBy) => (sentBy === 'mail' ? '' : 'LEFT JOIN posted ON true');

interface MessageParts {
  /** SQL condition: the instance that runs the statement begins the message. */
  readonly isHere: string;
  readonly delaySeconds?: string;
  /** SQL expression that also queues a mail. */
  readonly mail?: string | undefined;
}

/** CTEs `posted` and `job`, one of which gets the message. @param from FROM clause with its WHERE; must give one row at most */
export function messageJobs(message: NewJob, from: string, { isHere, delaySeconds, mail }: MessageParts): string {
  const queued = `CASE WHEN NOT (${isHere}) THEN (${addJob({ ...message, isKeyNew: true, ...(delaySeconds !== undefined && { delaySeconds }) })}).id END AS id`;
  return `posted AS (
    ${postJob(message, `${from} AND ${isHere}`)}
  ), job AS MATERIALIZED (
    SELECT ${mail === undefined ? queued : `${queued}, ${mail} AS mail_id`} ${from}
  )`;
}
