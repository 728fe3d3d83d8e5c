// Runs the statements of a login attempt and says what they found.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { NamedStatement, statement } from '../../database/sql';
import type { Identifier } from '../identifiers/identifier.policy';
import { PasswordAttemptsConfig } from '../password/password-attempts.config';
import { attemptBy, type AttemptParameters, type AttemptRow } from '../password/password-attempts.sql';
import { attemptFromDevice } from './login.sql';
import type { PresentedDevice } from './trusted-login.sql';

const upgrade = statement(
  'login_upgrade_password_hash',
  'UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2',
);

@Injectable()
export class LoginStore {
  private readonly attempts: Record<Identifier['kind'], NamedStatement<AttemptParameters>>;
  private readonly fromDevices: Record<Identifier['kind'], NamedStatement<AttemptParameters & PresentedDevice>>;

  constructor(
    private readonly database: Database,
    { LIMIT_PASSWORD_ACCOUNT }: PasswordAttemptsConfig,
  ) {
    const [window] = LIMIT_PASSWORD_ACCOUNT.windows;
    this.attempts = { phone: attemptBy('phone', window), email: attemptBy('email', window) };
    this.fromDevices = { phone: attemptFromDevice('phone', window), email: attemptFromDevice('email', window) };
  }

  /**
   * Counts the attempt and reads the account; always one row. While the identifier is delayed, only an attempt with a trusted device counts
   * (A74).
   */
  async attempt(
    { kind, lookup }: Identifier,
    failuresKey: string,
    now: Date,
    device: PresentedDevice | undefined,
  ): Promise<AttemptRow> {
    const facts = { lookup, failuresKey, now };
    const bound =
      device === undefined ? this.attempts[kind].with(facts) : this.fromDevices[kind].with({ ...facts, ...device });
    const [row] = await this.database.run<AttemptRow>(...bound);
    if (row === undefined) throw new Error('the login statement always has a row');
    return row;
  }

  /** Changes nothing when the password was changed meanwhile: then the old hash is no longer there. */
  async upgradeHash(userId: string, from: string, to: string): Promise<void> {
    await this.database.run(upgrade, [userId, from, to]);
  }
}
