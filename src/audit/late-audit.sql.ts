// An audit row that a job writes later. The fragment that queues the job commits with the thing that the row is about, so neither is lost
// when the log refuses the row at that moment (N10, ADR 86). It contains no secret, only an id and words of ours.
import { addJob } from '../jobs/jobs.sql';

export const LATE_AUDIT = 'audit_late';

/** The queue's pauses grow to six hours, so these tries take four days in all. */
const TRIES = 25;

/**
 * If it is queued twice because the first answer was lost, there is still one job. Binds :now, the time of the event, :ref and :reason.
 * @param event SQL of the event's name. @returns an expression like that of addJob
 */
export function auditLater(event: string): string {
  return addJob({
    name: LATE_AUDIT,
    payload: `json_build_object('event', ${event}::text, 'at', :now::timestamptz, 'ref', :ref::uuid, 'reason', :reason::text)`,
    key: `'audit:' || ${event} || ':' || :ref::uuid || ':' || :reason::text || ':' || extract(epoch FROM :now::timestamptz)`,
    maxAttempts: TRIES,
  });
}
