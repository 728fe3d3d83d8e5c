// Ends the wait of rebinds. Every minute, on one instance, those that are due are judged under the account's lock. Safe to run twice: a
// rebind that has ended is skipped. A run that is killed leaves each rebind either as it was, or moved with its notice and audit row.
import { Injectable, OnModuleInit } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { Database } from '../../database/database.service';
import { Transactions, type Tx } from '../../database/transactions';
import { JobRegistry } from '../../jobs/job-registry.service';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
import { IdleNumberConfig } from '../../config/idle-number.config';
import { lockAccount } from '../accounts/accounts.sql';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import { dueRebinds, endRebind, expireRebinds, holderOf, moveNumber, newestRebind } from './phone-rebind.sql';
import type { PhoneRebind } from './phone-rebinds.types';

const BATCH = 100;
/** Time for a second operator to approve, and for the person to enter the code. */
const EXPIRES_DAYS = 7;

type Outcome = 'moved' | 'stopped' | 'taken';
const events = {
  moved: 'phone_rebind_completed',
  stopped: 'phone_rebind_stopped',
  taken: 'phone_rebind_conflict',
} as const;

@Injectable()
export class PhoneRebindMoves implements OnModuleInit {
  constructor(
    private readonly registry: JobRegistry,
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly liveness: SessionLivenessService,
    private readonly idle: IdleNumberConfig,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  onModuleInit(): void {
    const handler = (_payload: unknown, signal: AbortSignal): Promise<void> => this.run(signal);
    this.registry.registerPeriodic({ name: 'phone_rebinds', minutes: 1, handler });
  }

  private async run(signal: AbortSignal): Promise<void> {
    await this.database.run(expireRebinds, [this.clock.now(), EXPIRES_DAYS]);
    const due = await this.database.run<{ id: string; userId: string }>(dueRebinds, [this.clock.now(), BATCH]);
    for (const { id, userId } of due) {
      if (signal.aborted) return;
      await this.conclude(id, userId);
      this.liveness.forgetUser(userId);
    }
  }

  // When somebody takes the number at this very moment, the unique index refuses the move. That counts as taken.
  private async conclude(id: string, userId: string): Promise<void> {
    try {
      await this.transactions.run((tx) => this.judge(tx, id, userId));
    } catch (error) {
      if ((error as { constraint?: unknown }).constraint !== 'users_phone_key') throw error;
      await this.transactions.run((tx) => this.judge(tx, id, userId));
    }
  }

  private async judge(tx: Tx, id: string, userId: string): Promise<void> {
    const now = this.clock.now();
    const { PHONE_IDLE_DAYS: idleDays } = this.idle;
    await tx.run(lockAccount, [userId]);
    const [rebind] = await tx.run<PhoneRebind>(newestRebind, [userId]);
    if (rebind?.id !== id || rebind.endedAt !== null) return;
    const outcome = await this.outcomeOf(tx, rebind, now);
    if (outcome === 'moved') {
      const [noticeId, oldNoticeId, newNoticeId] = [this.random.uuid(), this.random.uuid(), this.random.uuid()];
      const ids = { rebindId: id, noticeId, oldNoticeId, newNoticeId };
      await tx.run(...moveNumber.with({ ...ids, userId, now, idleDays, requestId: null, address: null }));
    }
    await tx.run(endRebind, [id, now, outcome]);
    const meta = { by: rebind.requestedBy, ...(rebind.approvedBy !== null && { approvedBy: rebind.approvedBy }) };
    await this.audit.record(tx, { event: events[outcome], at: now, userId, ref: id, meta });
  }

  private async outcomeOf(tx: Tx, { state, phone, userId }: PhoneRebind, now: Date): Promise<Outcome> {
    if (state !== 'waiting') return 'stopped';
    return (await tx.run(holderOf, [phone, userId, now, this.idle.PHONE_IDLE_DAYS])).length > 0 ? 'taken' : 'moved';
  }
}
