import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import type { NoticeName } from './notices.types';

export interface NoticeRow {
  readonly name: NoticeName;
  /** Null: it goes to the address alone. */
  readonly phone: string | null;
  /** Null: no address is proved. */
  readonly email: string | null;
  /** BCP 47 tag of the account, or null. */
  readonly locale: string | null;
  readonly createdAt: Date;
  /** Notices of its kind to its number in the day before it. */
  readonly earlier: number;
}

const findNotice = statement(
  'notice_for_sending',
  `SELECT n.name, n.phone, n.email, n.locale, n.created_at AS "createdAt",
          (SELECT count(*)::int FROM notices o WHERE o.phone = n.phone AND o.name = n.name AND o.created_at > n.created_at - interval '1 day'
              AND (o.created_at, o.id) < (n.created_at, n.id)) AS earlier
     FROM notices n WHERE n.id = $1`,
);

@Injectable()
export class NoticesStore {
  constructor(private readonly database: Database) {}

  /** @returns undefined when it has been deleted, after two days */
  async find(id: string): Promise<NoticeRow | undefined> {
    const [row] = await this.database.run<NoticeRow>(findNotice, [id]);
    return row;
  }
}
