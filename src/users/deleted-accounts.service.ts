// What is remembered of deleted accounts, for 30 days: a keyed digest of the number. With it an operator can tell the person who had the
// number when the account was deleted, and under which id the audit log has it. Nothing is decided by it: the number is free at once (ADR
// 45).
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
