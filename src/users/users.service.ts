import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { accountColumns } from './users.sql';
import type { UserAccount } from './users.types';

const findById = statement(
  'user_by_id',
  `SELECT ${accountColumns('u')} FROM users u WHERE u.id = $1 AND u.status = 'active'`,
);

@Injectable()
export class UsersService {
  constructor(private readonly database: Database) {}

  /** @returns undefined for an unknown or disabled account */
  async find(id: string): Promise<UserAccount | undefined> {
    const [row] = await this.database.run<UserAccount>(findById, [id]);
    return row;
  }
}
