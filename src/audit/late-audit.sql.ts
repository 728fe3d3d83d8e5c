// SQL fragment that queues a job, which writes an audit row later. The fragment commits together with the change that the row is about, so neither
// is lost when the log refuses the row at that moment (N10, ADR 86). The job contains no secret, only an id and words of ours.
import { addJob } from '../jobs/jobs.sql';

export const LATE_AUDIT = 'audit_late';

/** The pauses between tries grow to six hours, so 25 tries take four days in all. */
const TRIES = 25;

/**
 * If the job is queued twice because the first answer was lost, there is still one job. Binds :now (the time of the event), :ref and :reason.
 * @param event SQL of the event's name. @returns an SQL expression like that of addJob
 */
export function auditLater(event: string): string {
  return addJob({
    name: LATE_AUDIT,
    payload: `json_build_object('event', ${event}::text, 'at', :now::timestamptz, 'ref', :ref::uuid, 'reason', :reason::text)`,
    key: `'audit:' || ${event} || ':' || :ref::uuid || ':' || :reason::text || ':' || extract(epoch FROM :now::timestamptz)`,
    maxAttempts: TRIES,
  });
}
