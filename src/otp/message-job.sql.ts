// Fragments for the statements that issue or resend a challenge: the message, and the alarms of its counters. The message goes into the outbox,
// and the instance that runs the statement begins it after the commit (ADR 89); or it goes into the queue. Mail always goes into the queue.
import { event, recordAudit } from '../audit/audit.sql';
import { addJob, type NewJob, postJob } from '../jobs/jobs.sql';

/** How the code of a challenge goes out. `message`: to the phone. `mail`: to :email only. `both`: to the phone, and when :mails a second code to :email. */
export type SentBy = 'message' | 'mail' | 'both';

/** Alarms are recorded with the send that set them off (design section 2). */
export const alarmsNoted = `alarms_noted AS (
    ${recordAudit({
      event: `CASE alarm.kind WHEN 'closed' THEN ${event('sms_breaker_opened')} ELSE ${event('sms_budget_threshold')} END`,
      reason: 'alarm.scope',
      from: 'FROM took, jsonb_to_recordset(took.alarms) AS alarm(kind text, scope text)',
    })}
  )`;

/** Column `posted` of the main query: what the outbox has. */
export const postedBy = (sentBy: SentBy) => `${sentBy === 'mail' ? 'NULL::json' : 'row_to_json(posted)'} AS posted`;
/** Joins of the main query. It has to read `job` as well, or PostgreSQL would skip that. */
export const joinedJobs = (sentBy: SentBy) => (sentBy === 'mail' ? '' : 'LEFT JOIN posted ON true');

interface MessageParts {
  /** SQL: begun by whoever runs the statement. */
  readonly isHere: string;
  readonly delaySeconds?: string;
  /** SQL expression that queues a mail besides. */
  readonly mail?: string | undefined;
}

/** CTEs `posted` and `job`: one of the two has the message. @param from FROM clause with its WHERE: at most one row */
export function messageJobs(message: NewJob, from: string, { isHere, delaySeconds, mail }: MessageParts): string {
  const queued = `CASE WHEN NOT (${isHere}) THEN (${addJob({ ...message, isKeyNew: true, ...(delaySeconds !== undefined && { delaySeconds }) })}).id END AS id`;
  return `posted AS (
    ${postJob(message, `${from} AND ${isHere}`)}
  ), job AS MATERIALIZED (
    SELECT ${mail === undefined ? queued : `${queued}, ${mail} AS mail_id`} ${from}
  )`;
}
