// Writes audit rows for changes that are made step by step in a transaction. A change that is one statement writes its row itself (audit.sql.ts).
import { Injectable } from '@nestjs/common';
import { Sql, statement } from '../database/sql';
import { currentUserAgentHash } from '../platform/request/request-context';
import { event } from './audit.sql';
import type { AuditEvent, AuditEventName } from './audit.types';

const insert = statement(
  'audit_record',
  `INSERT INTO audit_log (at, event, user_id, session_id, ref, request_id, address, reason, meta, ua_hash)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)`,
);

// The event's name stands in the text of the statement. With a parameter instead, PostgreSQL could plan the statement for any event, and could
// then not use the index, which covers rare events only (ADR 83).
const newestByReason = (name: AuditEventName) =>
  statement(
    `audit_newest_${name}_by_reason`,
    `SELECT reason, max(at) AS at FROM audit_log WHERE at > $1 AND event = ${event(name)} AND reason IS NOT NULL GROUP BY reason`,
  );

@Injectable()
export class AuditLog {
  /** @param tx the transaction of the change that the event is about; the pool for an event that belongs to no change */
  async record(tx: Sql, event: AuditEvent): Promise<void> {
    const { requestId = null } = event;
    await tx.run(insert, [
      event.at,
      event.event,
      event.userId ?? null,
      event.sessionId ?? null,
      event.ref ?? null,
      requestId,
      event.address ?? null,
      event.reason ?? null,
      event.meta === undefined ? null : JSON.stringify(event.meta),
      requestId === null ? null : currentUserAgentHash(),
    ]);
  }

  /**
   * Each reason that events of this name had since then, with the newest time of each. It reads all events of this name since then, so it is
   * meant for hours and not for days.
   */
  newestByReason(sql: Sql, name: AuditEventName, since: Date): Promise<{ reason: string; at: Date }[]> {
    return sql.run(newestByReason(name), [since]);
  }
}
