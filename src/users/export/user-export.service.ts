// Exports all accounts, with the fields that an import reads. It reads page by page in the order of ids, so it needs little memory and locks
// nothing; an account that changes meanwhile is exported as it was when its page was read. Sessions, second factors and history are not in it.
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { Clock } from '../../platform/clock/clock';
import { ImportPasswords, type WrittenPassword } from '../import/import-passwords.service';

const PAGE = 1000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface Row {
  readonly id: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly displayName: string | null;
  readonly locale: string | null;
  readonly status: string;
  readonly mustChangePassword: boolean;
  readonly createdAt: Date;
  readonly lastAuthenticatedAt: Date;
  readonly stored: string;
}

export type ExportedAccount = Omit<Row, 'stored'> & WrittenPassword;

const page = statement(
  'user_export_page',
  `SELECT id, phone, email, email_verified_at IS NOT NULL AS "emailVerified", display_name AS "displayName", locale, status,
          must_change_password AS "mustChangePassword", created_at AS "createdAt", last_authenticated_at AS "lastAuthenticatedAt",
          password_hash AS stored
     FROM users WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
);

@Injectable()
export class UserExport {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly passwords: ImportPasswords,
    private readonly clock: Clock,
  ) {}

  /**
   * The export is in the audit log before the first account is given out.
   * @param options.hashes whether password hashes are exported as well
   * @throws AppError not_ready when a hash is sealed under a key that is not on the ring
   */
  async *pages(options: { readonly hashes: boolean; readonly actor: string }): AsyncGenerator<ExportedAccount[]> {
    const { hashes, actor } = options;
    await this.audit.record(this.database, {
      event: 'users_exported',
      at: this.clock.now(),
      meta: { by: actor, hashes },
    });
    for (let last = BEFORE_ALL; ;) {
      const rows = await this.database.run<Row>(page, [last]);
      const newest = rows.at(-1);
      if (newest === undefined) return;
      last = newest.id;
      yield rows.map(({ stored, ...account }) => ({ ...account, ...(hashes && this.passwords.write(stored)) }));
    }
  }
}
