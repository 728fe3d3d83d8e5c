// Fragment: the audit row of a spanning statement. It is written in the statement of the change, so neither exists without the other (N11).
import type { AuditEventName } from './audit.types';

/** @returns SQL text of an event name, typed so that a statement cannot record an unknown one. */
export function event(name: AuditEventName): string {
  return `'${name}'`;
}

interface AuditColumns {
  readonly event: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly ref?: string;
  readonly reason?: string;
  /** FROM clause, with its WHERE. */
  readonly from: string;
}

/** Needs parameters :now, :requestId and :address. */
export function recordAudit({ event, userId, sessionId, ref, reason, from }: AuditColumns): string {
  return `INSERT INTO audit_log (at, event, user_id, session_id, ref, reason, request_id, address)
    SELECT :now::timestamptz, ${event}, ${userId ?? 'NULL::uuid'}, ${sessionId ?? 'NULL::uuid'}, ${ref ?? 'NULL::uuid'},
           ${reason ?? 'NULL::text'}, :requestId::text, :address::text ${from}`;
}
