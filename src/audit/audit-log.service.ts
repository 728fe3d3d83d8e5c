import { Injectable } from '@nestjs/common';
import { Sql, statement } from '../database/sql';
import type { AuditEvent } from './audit.types';

const insert = statement(
  'audit_record',
  `INSERT INTO audit_log (at, event, user_id, session_id, ref, request_id, address, reason, meta)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb)`,
);

@Injectable()
export class AuditLog {
  /** Records what a change did, in the change's own transaction: pass its `tx` (or the pool for an event without a change). */
  async record(tx: Sql, event: AuditEvent): Promise<void> {
    await tx.run(insert, [
      event.at,
      event.event,
      event.userId ?? null,
      event.sessionId ?? null,
      event.ref ?? null,
      event.requestId ?? null,
      event.address ?? null,
      event.reason ?? null,
      event.meta === undefined ? null : JSON.stringify(event.meta),
    ]);
  }
}
