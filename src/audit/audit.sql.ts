// SQL fragments that write the audit row of a change. The statement that makes the change writes the row too, so neither exists without the
// other (N11).
import type { AuditEventName } from './audit.types';

/** @returns SQL of an event name. The type of the parameter prevents that a statement records an unknown event. */
export function event(name: AuditEventName): string {
  return `'${name}'`;
}

/**
 * SQL condition on an audit row a: its ref is the id of something that belongs to the person. The ref of an `authz_fail` is what the person has
 * typed, and may be the id of something of anybody (A43).
 */
export const refIsTheirs = `a.ref IS NOT NULL AND a.event <> ${event('authz_fail')}`;

/** Parameters of every statement with an audit row. Request id and address are null outside of a request. */
export interface AuditParameters<Instant = Date> {
  readonly now: Instant;
  readonly requestId: string | null;
  readonly address: string | null;
}

/** Each is SQL. */
interface AuditColumns {
  readonly event: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly ref?: string;
  readonly reason?: string;
  /** Of type text[]: the methods that proved the person. An empty array is stored as null. */
  readonly amr?: string;
  /** True: the row keeps the digest and the last digits of a number too. Binds :phoneHmac and :phoneTail; both are deleted after 30 days. */
  readonly aboutPhone?: boolean;
  /** FROM clause, with its WHERE. It gives one row for each event to record. */
  readonly from: string;
}

/** Binds AuditParameters; :userAgentHash is bound by itself (database/sql.ts). */
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

/**
 * Records several events of one moment, in the order of their names. Binds AuditParameters as well.
 * @param names SQL of type text[]
 * @param reason of the first event; the others have none
 */
export function recordEvents(names: string, { from, reason, ...columns }: Omit<AuditColumns, 'event'>): string {
  return recordAudit({
    ...columns,
    event: 'noted.name',
    ...(reason === undefined ? {} : { reason: `CASE WHEN noted.nth = 1 THEN ${reason} END` }),
    from: `${from} CROSS JOIN unnest(${names})${reason === undefined ? ' AS noted(name)' : ' WITH ORDINALITY AS noted(name, nth)'}`,
  });
}
