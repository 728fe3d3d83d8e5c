// Deletes old rows every 10 minutes, on whichever instance takes the job from the queue. A batch has at most 1000 rows and a transaction of its
// own, so that no lock is held for long (F36). retention.rules.ts says which rows are deleted, deletions.sql.ts how a batch is found.
import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { messageOf } from '../../platform/errors/message-of';
import { BATCH, type Deletion, deletionOf, WINDOW_PAGES } from './deletions.sql';
import { forgetRefusals } from './import-refusals.sql';
import { type RetentionRule, retentionRules } from './retention.rules';
import { forgetVendorIds } from './vendor-ids.sql';

/**
 * Only this function may change rows of the audit log or delete them. Its migration has the bounds: rows are deleted after 400 days, except those
 * that say which key of an operator has made which other (ADR 50); addresses become networks after 90 days, and what is kept of phone numbers
 * is deleted after 30 days.
 */
const expireAudit = statement('retention_audit_log', 'SELECT audit_log_expire($1::int) AS deleted');

/** In one run at most, so that accounts with a long history leave time for the other steps. The next run goes on where this one stopped. */
const FORGETTING_BATCHES = 1000;

const deletions = retentionRules.map((rule) => ({ rule, deletion: deletionOf(rule) }));

@Injectable()
export class RetentionService implements OnModuleInit {
  private readonly logger = new Logger('retention');

  constructor(
    private readonly registry: JobRegistry,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    const handler = (_payload: unknown, signal: AbortSignal): Promise<void> => this.purge(signal);
    this.registry.registerPeriodic({ name: 'retention', minutes: 10, handler });
  }

  /**
   * Stops between batches when the signal aborts. The next run deletes the rest.
   * @throws Error with the names of the steps that failed, and why. None of them keeps the others from running
   */
  async purge(signal: AbortSignal): Promise<void> {
    const failed: string[] = [];
    const step = (name: string, work: Promise<unknown>): Promise<unknown> =>
      work.catch((error: unknown) => failed.push(`${name}: ${messageOf(error)}`));
    // This comes first, because the tombstones say which ids are to be forgotten, and they are deleted below.
    await step('vendor ids', this.forgetVendorIds(signal));
    for (const { rule, deletion } of deletions) await step(rule.table, this.deleteOld(rule, deletion, signal));
    const refusals = this.inBatches(() => this.database.run(forgetRefusals, [this.clock.now()]), signal);
    await step('user_import_refusals', refusals);
    const audit = this.inBatches(() => this.database.run(expireAudit, [BATCH]), signal);
    await step('audit_log', audit);
    if (failed.length > 0) throw new Error(failed.join('; '));
  }

  private async forgetVendorIds(signal: AbortSignal): Promise<void> {
    for (let batch = 0; batch < FORGETTING_BATCHES && !signal.aborted; batch += 1) {
      const [row] = await this.database.run<{ more: boolean }>(forgetVendorIds, [this.clock.now()]);
      if (row?.more !== true) return;
    }
  }

  private async deleteOld({ table }: RetentionRule, deletion: Deletion, signal: AbortSignal): Promise<void> {
    const deleted = await this.deleteBy(deletion, signal);
    if (deleted > 0) this.logger.log(`deleted ${deleted} rows of ${table}`);
  }

  private async deleteBy({ batch, pages }: Deletion, signal: AbortSignal): Promise<number> {
    const now = this.clock.now();
    if (pages === undefined) return this.inBatches(() => this.database.run(batch, [now]), signal);
    const [size] = await this.database.run<{ pages: number }>(pages, []);
    let total = 0;
    for (let page = 0; page < (size?.pages ?? 0) && !signal.aborted; page += WINDOW_PAGES) {
      const window = [now, `(${page},0)`, `(${page + WINDOW_PAGES},0)`];
      total += await this.inBatches(() => this.database.run(batch, window), signal);
    }
    return total;
  }

  private async inBatches(deleteSome: () => Promise<{ deleted: number }[]>, signal: AbortSignal): Promise<number> {
    let total = 0;
    let batch = BATCH;
    while (batch === BATCH && !signal.aborted) {
      const [row] = await deleteSome();
      batch = row?.deleted ?? 0;
      total += batch;
    }
    return total;
  }
}
