// Runs the login statements and says what they found.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { NamedStatement, statement } from '../../database/sql';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import { RequestContext } from '../../platform/request/request-context';
import type { IssueRow } from '../register/register.sql';
import { issueLogin, IssueLoginParameters, LoginRow, readByEmail, readByPhone, recordFailure } from './login.sql';

const upgrade = statement(
  'login_upgrade_password_hash',
  'UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2',
);

export interface Identifier {
  readonly kind: 'phone' | 'email';
  /** Canonical where it can be: what failures are counted by. */
  readonly text: string;
  /** What is looked up. */
  readonly lookup: string;
}

@Injectable()
export class LoginStore {
  private readonly issueStatement: NamedStatement<IssueLoginParameters>;

  constructor(
    private readonly database: Database,
    private readonly context: RequestContext,
    config: SecondFactorConfig,
  ) {
    this.issueStatement = issueLogin(config.LIMIT_FACTOR_ACCOUNT.windows);
  }

  /** One row, account or not. */
  async read({ kind, lookup }: Identifier, failuresKey: string): Promise<LoginRow> {
    const [row] = await this.database.run<LoginRow>(kind === 'email' ? readByEmail : readByPhone, [
      lookup,
      failuresKey,
    ]);
    if (row === undefined) throw new Error('the login statement always has a row');
    return row;
  }

  async recordFailure(key: string, userId: string | null, now: Date): Promise<void> {
    const { requestId, address } = this.context;
    await this.database.run(...recordFailure.with({ key, userId, now, requestId, address }));
  }

  /** Only while the old hash still stands: a password change in between wins. */
  async upgradeHash(userId: string, from: string, to: string): Promise<void> {
    await this.database.run(upgrade, [userId, from, to]);
  }

  async issue(parameters: IssueLoginParameters): Promise<IssueRow | undefined> {
    const [row] = await this.database.run<IssueRow>(...this.issueStatement.with(parameters));
    return row;
  }
}
