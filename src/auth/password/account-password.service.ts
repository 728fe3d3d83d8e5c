// Asks for the password of a person who is signed in, before something sensitive (step-up, password change). Each attempt counts for the sessions of
// the account, before the password is checked, and only those delay it: what strangers try at sign-ins does not hold up somebody who is signed in
// (A74, ADR 16). A wrong one counts for the name of the account as well, so a stolen session delays sign-ins (A53). A right one takes back its own
// attempt; the statement that follows forgives the earlier ones of the sessions.
import { Injectable } from '@nestjs/common';
import type { AuditEventName } from '../../audit/audit.types';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import type { Actor } from '../../platform/request/actor';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { UsersService } from '../../users/users.service';
import { passwordErrors } from './password.errors';
import { PasswordAttemptsConfig } from './password-attempts.config';
import { PasswordAttempts } from './password-attempts.service';
import { attemptBy, attemptDelay, type AttemptRow } from './password-attempts.sql';
import type { ProvedAccount } from './proved-account.types';

/** The account of a person who is signed in. */
export interface SignedInAccount extends ProvedAccount {
  readonly totpEnabled: boolean;
}

@Injectable()
export class AccountPassword {
  private readonly attempt;

  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly throttle: FailureThrottle,
    private readonly attempts: PasswordAttempts,
    private readonly context: RequestContext,
    private readonly config: PasswordAttemptsConfig,
    private readonly clock: Clock,
  ) {
    this.attempt = attemptBy('id', config.LIMIT_PASSWORD_ACCOUNT.windows[0]);
  }

  /**
   * @param refused the audit event of a wrong password
   * @throws AppError credentials_invalid, rate_limited while the sessions of the account are delayed or the address is, token_invalid when it is gone, overloaded, not_ready
   */
  async demand({ userId, sessionId }: Actor, password: string, refused: AuditEventName): Promise<SignedInAccount> {
    await this.throttle.check('LIMIT_PASSWORD_ADDRESS', this.context.address);
    const account = await this.users.find(userId);
    if (account === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the account is gone' });
    const { phone } = account;
    const failuresKey = this.attempts.keyInSessions(userId);
    const row = await this.hasher.admit(() => this.read(userId, failuresKey));
    const { evaluated, passwordHash, authEpoch, totpEnabled, email } = row;
    if (!evaluated) throw await this.delayed(failuresKey);
    const verdict = await this.attempts.judge(password, passwordHash, failuresKey);
    if (verdict.ok && authEpoch !== null) {
      await this.attempts.giveBack(failuresKey);
      return { userId, phone, email, totpEnabled: totpEnabled === true, authEpoch, failuresKey };
    }
    await this.throttle.fail('LIMIT_PASSWORD_ADDRESS', this.context.address);
    const nameKey = this.attempts.keyOf(phone ?? email ?? userId);
    await this.attempts.recordFailure({ userId, sessionId, nameKey, evaluated }, refused);
    throw new AppError(passwordErrors.credentials_invalid, { reason: 'wrong password in a session' });
  }

  private async read(userId: string, failuresKey: string): Promise<AttemptRow> {
    const bound = this.attempt.with({ lookup: userId, failuresKey, now: this.clock.now() });
    const [row] = await this.database.run<AttemptRow>(...bound);
    if (row === undefined) throw new Error('the attempt statement always has a row');
    return row;
  }

  private async delayed(failuresKey: string): Promise<AppError> {
    const [{ count, seconds } = { count: 0, seconds: 1 }] = this.config.LIMIT_PASSWORD_ACCOUNT.windows;
    const values = [failuresKey, count, seconds, this.clock.now()];
    const [row] = await this.database.run<{ seconds: number }>(attemptDelay, values);
    const retryAfterSeconds = Math.max(1, row?.seconds ?? 1);
    return new AppError(platformErrors.rate_limited, { retryAfterSeconds, reason: 'wrong passwords before' });
  }
}
