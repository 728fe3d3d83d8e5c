// How operators find an account: by what a person tells them on the telephone, or by paging through all.
import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { DeletedAccounts } from '../../users/deleted-accounts.service';
import type { DeletedAccount } from '../../users/users.types';
import { Identifiers } from '../identifiers/identifiers.service';
import { listSessions, type SessionRow } from '../sessions/sessions-end.sql';
import { accountPages } from './accounts.sql';
import type { AccountFilter, AccountRecord } from './accounts.types';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Every method: @throws AppError overloaded, not_ready; besides what it names */
@Injectable()
export class AccountsSearch {
  constructor(
    private readonly database: Database,
    private readonly identifiers: Identifiers,
    private readonly gone: DeletedAccounts,
    private readonly clock: Clock,
  ) {}

  /**
   * A malformed filter matches nobody.
   * @param after id of the last account on the page before; '' for the first page
   * @throws AppError validation_failed for more than one filter
   */
  async page(filter: AccountFilter, after: string, limit: number): Promise<AccountRecord[]> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined) as ['id', string][];
    if (given.length > 1) {
      const errors = given.slice(1).map(([name]) => ({ pointer: `/${name}`, code: 'one_filter_at_most' }));
      throw new AppError(platformErrors.validation_failed, { errors });
    }
    const [by, text] = given[0] ?? ['all', null];
    const from = after === '' ? BEFORE_ALL : after;
    if (!isUuid(from) && from !== BEFORE_ALL) return [];
    if (by === 'id' && !isUuid(text)) return [];
    const sought = by === 'id' || text === null ? text : this.identifiers.identify(text).lookup;
    return this.database.run<AccountRecord>(accountPages[by], [sought, from, limit]);
  }

  /** By id, e-mail address or phone, whichever the text looks like. */
  find(text: string, limit: number): Promise<AccountRecord[]> {
    if (isUuid(text)) return this.page({ id: text }, '', limit);
    return this.page(text.includes('@') ? { email: text } : { phone: text }, '', limit);
  }

  /** @throws AppError not_found, also for a text that is no id */
  async show(id: string): Promise<AccountRecord> {
    const [account] = await this.page({ id }, '', 1);
    if (account === undefined) throw new AppError(platformErrors.not_found, { reason: 'no such account' });
    return account;
  }

  /** Accounts that had this number when they were deleted, newest first, for 30 days (ADR 45). @param phone in any form that a person would type */
  async deleted(phone: string): Promise<DeletedAccount[]> {
    const { lookup } = this.identifiers.identify(phone);
    return lookup.startsWith('+') ? this.gone.of(lookup) : [];
  }

  /** Living sessions, last used first. @throws AppError not_found */
  async sessions(id: string): Promise<SessionRow[]> {
    const account = await this.show(id);
    return this.database.run<SessionRow>(listSessions, [account.id, this.clock.now()]);
  }
}
