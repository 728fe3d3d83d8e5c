// The steps in the life of a rebind, each with its audit row. Invariant: the caller has locked the account in the same transaction, so that no other
// step of it runs meanwhile.
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import type { AuditEventName } from '../../audit/audit.types';
import type { Sql } from '../../database/sql';
import type { Tx } from '../../database/transactions';
import { Clock } from '../../platform/clock/clock';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import type { ActFacts } from '../accounts/accounts.types';
import { PhoneRebindConfig } from './phone-rebind.config';
import { approveRebind, endRebind, insertRebind, newestRebind, startRebind } from './phone-rebind.sql';
import type { PhoneRebind } from './phone-rebinds.types';

interface WantedRebind extends Pick<PhoneRebind, 'userId' | 'phone'> {
  readonly reason: string;
  /** Who asks, as OperatorAct.by. */
  readonly by: string;
}

@Injectable()
export class PhoneRebindsStore {
  constructor(
    private readonly audit: AuditLog,
    private readonly context: RequestContext,
    private readonly config: PhoneRebindConfig,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** The newest rebind of the account, ended or not; undefined when it never had one. */
  async newest(sql: Sql, userId: string): Promise<PhoneRebind | undefined> {
    return (await sql.run<PhoneRebind>(newestRebind, [userId]))[0];
  }

  async request(tx: Tx, { userId, phone, reason, by }: WantedRebind, meta: ActFacts): Promise<PhoneRebind> {
    const [id, now] = [this.random.uuid(), this.clock.now()];
    await tx.run(insertRebind, [id, userId, phone, reason, by, now, this.config.PHONE_REBIND_WAIT_HOURS]);
    return this.changed(tx, 'phone_rebind_requested', userId, meta);
  }

  /** Writes no audit row: `start`, which has to follow, writes one. @param by who approves, as OperatorAct.by */
  async approve(tx: Tx, { id }: PhoneRebind, by: string): Promise<void> {
    await tx.run(approveRebind, [id, by]);
  }

  /** Signs the account out and tells its old number. Next, the new number has to be proved. */
  async start(tx: Tx, { id: rebindId, userId }: PhoneRebind, meta: ActFacts): Promise<PhoneRebind> {
    const { requestId, address } = this.context;
    const [now, noticeId] = [this.clock.now(), this.random.uuid()];
    await tx.run(...startRebind.with({ rebindId, userId, now, noticeId, requestId, address }));
    return this.changed(tx, 'phone_rebind_started', userId, meta);
  }

  async end(tx: Tx, rebind: PhoneRebind, outcome: 'cancelled' | 'stopped', meta: ActFacts): Promise<void> {
    await tx.run(endRebind, [rebind.id, this.clock.now(), outcome]);
    await this.record(tx, `phone_rebind_${outcome}`, rebind, meta);
  }

  private async changed(tx: Tx, event: AuditEventName, userId: string, meta: ActFacts): Promise<PhoneRebind> {
    const rebind = await this.newest(tx, userId);
    if (rebind === undefined) throw new Error('a rebind is gone in the transaction that has changed it');
    await this.record(tx, event, rebind, meta);
    return rebind;
  }

  private record(tx: Tx, event: AuditEventName, { id, userId }: PhoneRebind, meta: ActFacts): Promise<void> {
    const { requestId, address } = this.context;
    return this.audit.record(tx, { event, at: this.clock.now(), userId, ref: id, requestId, address, meta });
  }
}
