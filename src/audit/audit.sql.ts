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
  /** SQL of type text[]: what proved the person; empty is nothing. */
  readonly amr?: string;
  /** The event is about the number of :phoneHmac and :phoneTail, which go after 30 days. */
  readonly aboutPhone?: boolean;
  /** FROM clause, with its WHERE. */
  readonly from: string;
}

/** Needs parameters :now, :requestId and :address; :userAgentHash binds itself (database/sql.ts). */
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

/** More events of the same moment. @param names SQL of type text[]. Needs the same parameters */
export function recordMore(names: string, { from, ...columns }: Omit<AuditColumns, 'event'>): string {
  return recordAudit({ ...columns, event: 'more.name', from: `${from} CROSS JOIN unnest(${names}) AS more(name)` });
}

/**
 * SQL of the moment from which an event of a session may happen again; NULL when it may now. Reads the few newest rows of one
 * person, writes nothing. Exact where each such event needs the answer to the one before it, as a refresh does.
 * Needs parameter :now.
 */
export function sessionEventAllowedAt(
  name: AuditEventName,
  session: { id: string; userId: string },
  windows: readonly { readonly count: number; readonly seconds: number }[],
): string {
  // Spelled so that only the index on (user_id, at) can serve it: by event or by time alone it would read what everybody did.
  const nth = windows.map(
    ({ count, seconds }) => `(SELECT a.at + interval '${seconds} seconds' FROM audit_log a
        WHERE a.user_id = ${session.userId} AND (a.user_id, a.at) > (${session.userId}, :now::timestamptz - interval '${seconds} seconds')
          AND a.session_id = ${session.id} AND a.event IS NOT DISTINCT FROM ${event(name)}
        ORDER BY a.user_id DESC, a.at DESC OFFSET ${count - 1} LIMIT 1)`,
  );
  return `greatest(NULL::timestamptz, ${nth.join(', ') || 'NULL::timestamptz'})`;
}
