// For 30 days after an account was deleted, its id and a keyed digest of its number are kept (ADR 45). With them an operator who is asked about
// a number can say when an account with that number was deleted, and under which id the audit log has it. They decide nothing: the number can
// be registered again at once.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';
import { KeyedDigest } from '../platform/crypto/keyed-digest';
import type { DeletedAccount } from './users.types';

const PURPOSE = 'deleted-account';

const find = statement(
  'deleted_accounts_of_number',
  `SELECT user_id AS "userId", deleted_at AS "deletedAt" FROM deleted_accounts WHERE phone_digest = ANY ($1::bytea[])
    ORDER BY deleted_at DESC`,
);

@Injectable()
export class DeletedAccounts {
  constructor(
    private readonly database: Database,
    private readonly digests: KeyedDigest,
  ) {}

  /** @param phone E.164 with + */
  digest(phone: string): Buffer {
    return this.digests.digest(PURPOSE, phone);
  }

  /** Accounts that had this number when they were deleted, newest first. Looks under retired keys as well. @param phone E.164 with + */
  of(phone: string): Promise<DeletedAccount[]> {
    return this.database.run<DeletedAccount>(find, [this.digests.all(PURPOSE, phone)]);
  }
}
