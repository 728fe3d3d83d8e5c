// What an operator does with an account, by command line or admin API. Each change is one transaction that locks the account first and writes
// an audit row with who made it and why. Disabling a disabled account changes and records nothing. No operator can choose or see a password or a
// code (ASVS 6.4.6). This instance forgets the account's sessions at once, the others within 5 s (A39).
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import type { AuditEventName } from '../../audit/audit.types';
import { Transactions } from '../../database/transactions';
import { Clock } from '../../platform/clock/clock';
import { RequestContext } from '../../platform/request/request-context';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import { AccountsSearch } from './accounts-search.service';
import { accountChanges } from './accounts.sql';
import type { AccountRecord, OperatorAct } from './accounts.types';
import { actFacts } from './operator-act.policy';

/** Every method: @throws AppError not_found, overloaded, not_ready, validation_failed for a reason that cannot be stored; besides what it names */
@Injectable()
export class AccountsManagement {
  constructor(
    private readonly transactions: Transactions,
    private readonly search: AccountsSearch,
    private readonly liveness: SessionLivenessService,
    private readonly audit: AuditLog,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /** Ends the account's sessions, codes and everything else made before. Nobody can sign in to it; strangers notice no difference. */
  disable(id: string, act: OperatorAct): Promise<AccountRecord> {
    return this.change(id, act, 'disable', 'account_disabled');
  }

  /** The owner may sign in again. What disabling has ended does not come back. */
  enable(id: string, act: OperatorAct): Promise<AccountRecord> {
    return this.change(id, act, 'enable', 'account_enabled');
  }

  /** The password signs nobody in until it is replaced (ADR 38). Sessions and all else that it has opened end. */
  demandPasswordChange(id: string, act: OperatorAct): Promise<AccountRecord> {
    return this.change(id, act, 'demandPasswordChange', 'password_change_demanded');
  }

  endSessions(id: string, act: OperatorAct): Promise<AccountRecord> {
    return this.change(id, act, 'endSessions', 'sessions_ended_by_operator');
  }

  /**
   * Opens a second factor that a hundred wrong codes in a row have closed (RL-4), for a person who has proved who they are. Ends what was
   * made before.
   */
  reopenSecondFactor(id: string, act: OperatorAct): Promise<AccountRecord> {
    return this.change(id, act, 'reopenSecondFactor', 'second_factor_reopened');
  }

  private async change(
    id: string,
    act: OperatorAct,
    what: keyof typeof accountChanges,
    event: AuditEventName,
  ): Promise<AccountRecord> {
    const meta = actFacts(act);
    const { id: userId } = await this.search.show(id);
    const now = this.clock.now();
    const { requestId, address } = this.context;
    await this.transactions.run(async (tx) => {
      const changed = await tx.run(...accountChanges[what].with({ userId, now }));
      if (changed.length === 0) return;
      await this.audit.record(tx, { event, at: now, userId, requestId, address, meta });
    });
    this.liveness.forgetUser(userId);
    return this.search.show(userId);
  }
}
