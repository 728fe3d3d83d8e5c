// An audit row that is written later, by a job: the fragment that queues the job commits with what the row is about, so neither is lost when
// the log refuses the row at that moment (N10, ADR 86). No secret is in it: an id of ours and our words.
import { addJob } from '../jobs/jobs.sql';

export const LATE_AUDIT = 'audit_late';

/** The queue pauses for six hours between the later ones: four days in all. */
const TRIES = 25;

/** Queued twice, since the first answer got lost, it is one job. @param event SQL of the event's name. Needs parameters :now, when it happened, :ref and :reason. @returns an expression as addJob does */
export function auditLater(event: string): string {
  return addJob({
    name: LATE_AUDIT,
    payload: `json_build_object('event', ${event}::text, 'at', :now::timestamptz, 'ref', :ref::uuid, 'reason', :reason::text)`,
    key: `'audit:' || ${event} || ':' || :ref::uuid || ':' || :reason::text || ':' || extract(epoch FROM :now::timestamptz)`,
    maxAttempts: TRIES,
  });
}
