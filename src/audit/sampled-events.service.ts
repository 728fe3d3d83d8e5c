// Records events that strangers can cause as often as they like. Each instance writes one row per event, reason and minute, with the number of
// events since the last row, so that nobody can fill the audit log with them (security.md 5.10, ASVS 16.3.3).
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.service';
import { Clock } from '../platform/clock/clock';
import type { AppError } from '../platform/errors/app-error';
import { RequestContext } from '../platform/request/request-context';
import { AuditLog } from './audit-log.service';
import type { AuditEventName } from './audit.types';

const EVERY_MILLISECONDS = 60_000;
/** Reasons are words of ours, of which there are few. This bound keeps memory small even if that is wrong one day. */
const REASONS_MAX = 1000;

const refusals: Readonly<Record<string, AuditEventName>> = {
  rate_limited: 'excess_rate_limit_exceeded',
  validation_failed: 'input_validation_fail',
};

@Injectable()
export class SampledEvents {
  private readonly logger = new Logger('audit');
  private readonly counts = new Map<string, { told: number; since: number }>();

  constructor(
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly context: RequestContext,
  ) {}

  /** @throws AppError overloaded, not_ready */
  async note(event: AuditEventName, reason: string): Promise<void> {
    const key = `${event} ${reason}`;
    const at = this.clock.now();
    if (this.counts.size >= REASONS_MAX && !this.counts.has(key)) this.counts.clear();
    const known = this.counts.get(key) ?? { told: Number.NEGATIVE_INFINITY, since: 0 };
    known.since += 1;
    this.counts.set(key, known);
    const elapsed = at.getTime() - known.told;
    // Less than nothing: the clock was set back, which must not keep events off the log for hours.
    if (elapsed >= 0 && elapsed < EVERY_MILLISECONDS) return;
    const count = known.since;
    Object.assign(known, { told: at.getTime(), since: 0 });
    const { requestId, address } = this.context;
    await this.audit.record(this.database, { event, at, reason, meta: { count }, requestId, address });
  }

  /** Must be called for every refusal of a request. The answer to the request does not wait for the row. */
  refused({ code, context }: AppError): void {
    const event = refusals[code];
    if (event === undefined) return;
    this.note(event, context.reason ?? 'a request').catch((error: unknown) => this.logger.warn(error));
  }
}
