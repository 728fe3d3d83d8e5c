// Reads the account of a person and changes their profile. A disabled account is treated as if it did not exist.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { Clock } from '../platform/clock/clock';
import type { Actor } from '../platform/request/actor';
import { RequestContext } from '../platform/request/request-context';
import { updateProfile } from './profile.sql';
import { accountColumns } from './users.sql';
import type { Profile, UserAccount } from './users.types';

const findById = statement(
  'user_by_id',
  `SELECT ${accountColumns('u')} FROM users u WHERE u.id = $1 AND u.status = 'active'`,
);

@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly context: RequestContext,
    private readonly clock: Clock,
  ) {}

  /** @returns undefined for an unknown or disabled account */
  async find(id: string): Promise<UserAccount | undefined> {
    const [row] = await this.database.run<UserAccount>(findById, [id]);
    return row;
  }

  /** @param profile undefined fields stay as they are. @returns undefined for an unknown or disabled account */
  async update({ userId, sessionId }: Actor, { displayName, locale }: Profile): Promise<UserAccount | undefined> {
    const { requestId, address } = this.context;
    const named = { namesDisplayName: displayName !== undefined, namesLocale: locale !== undefined };
    const values = { ...named, displayName: displayName ?? null, locale: locale ?? null };
    const bound = updateProfile.with({ userId, sessionId, ...values, now: this.clock.now(), requestId, address });
    const [row] = await this.database.run<UserAccount>(...bound);
    return row;
  }
}
