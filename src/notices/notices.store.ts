// Reads notices for the jobs that send them. They are written by other statements (notices.sql.ts).
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import type { NoticeName } from './notices.types';

export interface NoticeRow {
  readonly name: NoticeName;
  /** Null: the notice goes to the e-mail address only. */
  readonly phone: string | null;
  /** Null: the account has no proved e-mail address. */
  readonly email: string | null;
  /** BCP 47 tag of the account, or null. */
  readonly locale: string | null;
  readonly createdAt: Date;
  /** How many notices of the same kind to the same number there were in the day before this one. */
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

  /** @returns undefined when the notice has been deleted, which happens after two days */
  async find(id: string): Promise<NoticeRow | undefined> {
    const [row] = await this.database.run<NoticeRow>(findNotice, [id]);
    return row;
  }
}
