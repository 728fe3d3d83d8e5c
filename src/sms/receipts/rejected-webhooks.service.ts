// Who forges receipts is seen, and cannot fill the audit log with it: one event per vendor, reason and minute, with the number
// refused since the one before (security.md 16.3.3, A88).
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';

const EVERY_MILLISECONDS = 60_000;

@Injectable()
export class RejectedWebhooks {
  private readonly counts = new Map<string, { told: number; since: number }>();

  constructor(
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async note(provider: string, refusal: string): Promise<void> {
    const reason = `${provider}: ${refusal}`;
    const at = this.clock.now();
    const known = this.counts.get(reason) ?? { told: Number.NEGATIVE_INFINITY, since: 0 };
    known.since += 1;
    this.counts.set(reason, known);
    if (at.getTime() - known.told < EVERY_MILLISECONDS) return;
    const count = known.since;
    Object.assign(known, { told: at.getTime(), since: 0 });
    await this.audit.record(this.database, { event: 'webhook_rejected', at, reason, meta: { count } });
  }
}
