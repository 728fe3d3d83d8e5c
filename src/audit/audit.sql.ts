// Fragment: the audit row of a spanning statement. It is written in the statement of the change, so neither exists without the other (N11).
import type { AuditEventName } from './audit.types';

/** @returns SQL text of an event name, typed so that a statement cannot record an unknown one. */
export function event(name: AuditEventName): string {
  return `'${name}'`;
}

/** What every statement with an audit row binds; null outside of a request. */
export interface AuditParameters<Instant = Date> {
  readonly now: Instant;
  readonly requestId: string | null;
  readonly address: string | null;
}

interface AuditColumns {
  readonly event: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly ref?: string;
  readonly reason?: string;
  /** SQL of type text[]: what proved the person; empty is nothing. */
  readonly amr?: string;
  /** The event is about the number of :phoneHmac and :phoneTail, which go after 30 days. */
  readonly aboutPhone?: boolean;
  /** FROM clause, with its WHERE. */
  readonly from: string;
}

/** Needs AuditParameters; :userAgentHash binds itself (database/sql.ts). */
export function recordAudit({ event, userId, sessionId, ref, reason, amr, aboutPhone, from }: AuditColumns): string {
  const columns = [amr === undefined ? '' : ', amr', aboutPhone === true ? ', phone_hmac, phone_tail' : ''].join('');
  const values = [
    amr === undefined ? '' : `, nullif(${amr}, '{}')`,
    aboutPhone === true ? ', :phoneHmac::bytea, :phoneTail::text' : '',
  ].join('');
  return `INSERT INTO audit_log (at, event, user_id, session_id, ref, reason, request_id, address, ua_hash${columns})
    SELECT :now::timestamptz, ${event}, ${userId ?? 'NULL::uuid'}, ${sessionId ?? 'NULL::uuid'}, ${ref ?? 'NULL::uuid'},
           ${reason ?? 'NULL::text'}, :requestId::text, :address::text, :userAgentHash::text${values} ${from}`;
}

/** Events of one moment, in their order. @param names SQL of type text[] @param reason of the first of them. Needs the same parameters */
export function recordEvents(names: string, { from, reason, ...columns }: Omit<AuditColumns, 'event'>): string {
  return recordAudit({
    ...columns,
    event: 'noted.name',
    ...(reason === undefined ? {} : { reason: `CASE WHEN noted.nth = 1 THEN ${reason} END` }),
    from: `${from} CROSS JOIN unnest(${names})${reason === undefined ? ' AS noted(name)' : ' WITH ORDINALITY AS noted(name, nth)'}`,
  });
}
