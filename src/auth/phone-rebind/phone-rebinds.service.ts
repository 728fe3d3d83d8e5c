// What operators do about a lost phone: begin to move the account to a number that its owner has now, approve what a colleague has begun, or call it
// off. Each is one transaction that locks the account first and writes an audit row. Beginning again for the same number changes nothing, but sends
// another code while one is awaited.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Transactions, type Tx } from '../../database/transactions';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { phoneErrors } from '../../platform/phone/phone.errors';
import { IdleNumberConfig } from '../../config/idle-number.config';
import { AccountsSearch } from '../accounts/accounts-search.service';
import { type LockedAccount, lockAccount } from '../accounts/accounts.sql';
import type { OperatorAct } from '../accounts/accounts.types';
import { actFacts } from '../accounts/operator-act.policy';
import { Identifiers } from '../identifiers/identifiers.service';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import { PhoneRebindCodes } from './phone-rebind-codes.service';
import { PhoneRebindConfig } from './phone-rebind.config';
import { holderOf, mayBeOne } from './phone-rebind.sql';
import { PhoneRebindsStore } from './phone-rebinds.store';
import type { BegunPhoneRebind, PhoneRebind } from './phone-rebinds.types';

/** Every method: @throws AppError not_found, validation_failed, overloaded, not_ready; besides what it names */
@Injectable()
export class PhoneRebinds {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly search: AccountsSearch,
    private readonly store: PhoneRebindsStore,
    private readonly codes: PhoneRebindCodes,
    private readonly identifiers: Identifiers,
    private readonly liveness: SessionLivenessService,
    private readonly config: PhoneRebindConfig,
    private readonly idle: IdleNumberConfig,
    private readonly clock: Clock,
  ) {}

  /** The newest rebind of the account, ended or not. */
  async show(userId: string): Promise<PhoneRebind> {
    const { id } = await this.search.show(userId);
    return present(await this.store.newest(this.database, id));
  }

  /**
   * @param act must have a reason
   * @throws AppError phone_not_supported; conflict for a disabled account, the account's own number, and one that somebody else uses
   */
  async begin(userId: string, number: string, act: OperatorAct): Promise<BegunPhoneRebind> {
    const meta = actFacts(act);
    if (act.reason === null) throw refused('validation_failed', '/reason', 'required');
    const { reason } = act;
    const phone = this.demandPhone(number);
    const { id } = await this.search.show(userId);
    const rebind = await this.change(id, async (tx, account) => {
      await this.demandFree(tx, account, phone);
      const open = await this.store.newest(tx, id);
      if (open !== undefined && isOpen(open) && open.phone === phone) return open;
      if (open?.endedAt === null) await this.store.end(tx, open, isOpen(open) ? 'cancelled' : 'stopped', meta);
      const begun = await this.store.request(tx, { userId: id, phone, reason, by: act.by }, meta);
      return this.config.PHONE_REBIND_OPERATORS === 1 ? this.store.start(tx, begun, meta) : begun;
    });
    return this.withCode(rebind);
  }

  /**
   * @param number that is agreed to; null leaves it to whoever began it, who may begin it anew for another at any moment
   * @throws AppError phone_not_supported, conflict for another number, when there is nothing to approve, and for the operator who has begun it, with whichever of their keys
   */
  async approve(userId: string, number: string | null, act: OperatorAct): Promise<BegunPhoneRebind> {
    const meta = actFacts(act);
    const agreed = number === null ? null : this.demandPhone(number);
    const { id } = await this.search.show(userId);
    const rebind = await this.change(id, async (tx, account) => {
      const open = present(await this.store.newest(tx, id));
      if (agreed !== null && open.phone !== agreed) throw refused('conflict', '/phone', 'different');
      if (isOpen(open) && open.approvedBy === act.by) return open;
      if (open.state !== 'needs_approval') throw refused('conflict', '/state', open.state);
      const same = await tx.run(mayBeOne, [open.requestedBy, act.by]);
      if (same.length > 0) throw refused('conflict', '/operator', 'same');
      await this.demandFree(tx, account, open.phone);
      await this.store.approve(tx, open, act.by);
      return this.store.start(tx, open, meta);
    });
    return this.withCode(rebind);
  }

  /** Calls it off. Sessions that it has ended stay ended. @throws AppError not_found when none is under way */
  async cancel(userId: string, act: OperatorAct): Promise<void> {
    const meta = actFacts(act);
    const { id } = await this.search.show(userId);
    await this.change(id, async (tx) => {
      const open = await this.store.newest(tx, id);
      if (open?.endedAt !== null) throw notFound();
      await this.store.end(tx, open, 'cancelled', meta);
      return open;
    });
  }

  private async change(
    id: string,
    work: (tx: Tx, account: LockedAccount) => Promise<PhoneRebind>,
  ): Promise<PhoneRebind> {
    const rebind = await this.transactions.run(async (tx) => {
      const [account] = await tx.run<LockedAccount>(lockAccount, [id]);
      if (account === undefined) throw notFound();
      return work(tx, account);
    });
    this.liveness.forgetUser(id);
    return rebind;
  }

  private demandPhone(number: string): string {
    const phone = this.identifiers.servedPhone(number)?.e164;
    if (phone === undefined) throw new AppError(phoneErrors.phone_not_supported);
    return phone;
  }

  private async demandFree(tx: Tx, account: LockedAccount, phone: string): Promise<void> {
    if (account.status === 'disabled') throw refused('conflict', '/status', 'disabled');
    if (account.phone === phone) throw refused('conflict', '/phone', 'unchanged');
    const holders = await tx.run(holderOf, [phone, account.id, this.clock.now(), this.idle.PHONE_IDLE_DAYS]);
    if (holders.length > 0) throw refused('conflict', '/phone', 'taken');
  }

  private async withCode(rebind: PhoneRebind): Promise<BegunPhoneRebind> {
    return { rebind, challenge: rebind.state === 'needs_code' ? await this.codes.send(rebind) : null };
  }
}

function isOpen({ state }: PhoneRebind): boolean {
  return state === 'needs_approval' || state === 'needs_code' || state === 'waiting';
}

function present(rebind: PhoneRebind | undefined): PhoneRebind {
  if (rebind === undefined) throw notFound();
  return rebind;
}

function notFound(): AppError {
  return new AppError(platformErrors.not_found, { reason: 'no such account, or no rebind of it' });
}

function refused(error: 'conflict' | 'validation_failed', pointer: string, code: string): AppError {
  return new AppError(platformErrors[error], { errors: [{ pointer, code }] });
}
