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
}

const findNotice = statement(
  'notice_for_sending',
  'SELECT name, phone, email, locale, created_at AS "createdAt" FROM notices WHERE id = $1',
);

@Injectable()
export class NoticesStore {
  constructor(private readonly database: Database) {}

  /** @returns undefined once retention has taken it */
  async find(id: string): Promise<NoticeRow | undefined> {
    const [row] = await this.database.run<NoticeRow>(findNotice, [id]);
    return row;
  }
}
