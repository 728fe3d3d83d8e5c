// Writes audit rows about things that cannot be undone, such as a message that was sent. When the row cannot be written at that moment, a job
// writes it later (N10, ADR 86). Invariant: a row is written once, with the time of its event, however often the job runs.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.service';
import { namedStatement } from '../database/sql';
import { JobRegistry } from '../jobs/job-registry.service';
import { AuditLog } from './audit-log.service';
import type { AuditEventName } from './audit.types';
import { auditLater, LATE_AUDIT } from './late-audit.sql';

/** What became of a message. It belongs to no request. */
export interface SendEvent {
  readonly event: AuditEventName;
  readonly at: Date;
  readonly ref: string;
  readonly reason: string;
}

/** The payload of the job: the queue keeps the time as text. */
type Late = Omit<SendEvent, 'at'> & { readonly at: string };
type Parameters = Omit<SendEvent, 'at'> & { readonly now: Date | string };

const queue = namedStatement<Parameters>('audit_later', `SELECT (${auditLater(':event')}).id`);

// Writes the row unless it is there already: an earlier run of this job may have written it and then been cut short, or the first try may have
// written it although its answer was lost. The row is looked for by its time, which has an index.
const write = namedStatement<Parameters>(
  'audit_late',
  `INSERT INTO audit_log (at, event, ref, reason) SELECT :now::timestamptz, :event::text, :ref::uuid, :reason::text
    WHERE NOT EXISTS (SELECT FROM audit_log WHERE at = :now::timestamptz AND event = :event::text AND ref = :ref::uuid AND reason = :reason::text)`,
);

@Injectable()
export class LateAudit implements OnModuleInit {
  private readonly logger = new Logger('audit');

  constructor(
    private readonly jobs: JobRegistry,
    private readonly audit: AuditLog,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.jobs.register(LATE_AUDIT, (payload) => this.write(payload as Late));
  }

  /** @throws AppError overloaded, not_ready, or the driver's error, when neither the row nor its job could be stored */
  async record(event: SendEvent): Promise<void> {
    try {
      await this.audit.record(this.database, event);
    } catch (error) {
      this.logger.error(error);
      await this.database.run(...queue.with({ ...event, now: event.at }));
    }
  }

  private async write({ at, ...event }: Late): Promise<void> {
    await this.database.run(...write.with({ ...event, now: at }));
  }
}
