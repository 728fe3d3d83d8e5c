// Writes audit rows for changes that are made step by step in a transaction. A change that is one statement writes its row itself (audit.sql.ts).
import { Injectable } from '@nestjs/common';
import { Sql, statement } from '../database/sql';
import { currentUserAgentHash } from '../platform/request/request-context';
import type { AuditEvent } from './audit.types';

const insert = statement(
  'audit_record',
  `INSERT INTO audit_log (at, event, user_id, session_id, ref, request_id, address, reason, meta, ua_hash)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10)`,
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
}
