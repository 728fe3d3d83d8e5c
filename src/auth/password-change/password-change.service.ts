// Password change inside a session: checks the current password and the rules for the new one, then runs one statement (password-change.sql.ts).
// The new password is hashed only for somebody who knew the current one.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { PhoneNumber } from '../../platform/phone/phone-number';
import { Random } from '../../platform/random/random';
import type { Actor } from '../../platform/request/actor';
import { RequestContext } from '../../platform/request/request-context';
import { passwordErrors } from '../password/password.errors';
import { AccountPassword } from '../password/account-password.service';
import { PasswordRulesService } from '../password/password-rules.service';
import { SessionLivenessService } from '../sessions/session-liveness.service';
import type { PasswordChangeRequest } from './password-change.request';
import { changePassword } from './password-change.sql';

@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly database: Database,
    private readonly passwords: AccountPassword,
    private readonly rules: PasswordRulesService,
    private readonly hasher: PasswordHasher,
    private readonly liveness: SessionLivenessService,
    private readonly context: RequestContext,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @throws AppError validation_failed, password_*, credentials_invalid, rate_limited, token_invalid, overloaded, not_ready */
  async change(actor: Actor, { currentPassword, newPassword }: PasswordChangeRequest): Promise<void> {
    const pointer = '/newPassword';
    // Compares what the hasher makes of them, for which two spellings of one text are one password (A52).
    if (newPassword.normalize('NFKC') === currentPassword.normalize('NFKC')) {
      throw new AppError(platformErrors.validation_failed, { errors: [{ pointer, code: 'unchanged' }] });
    }
    const account = await this.passwords.demand(actor, currentPassword, 'authn_password_change_fail');
    const phone = account.phone === null ? undefined : PhoneNumber.parse(account.phone, { countries: 'all' });
    await this.rules.demandAcceptable(newPassword, { ...(phone !== undefined && { phone }), pointer });
    const { userId, authEpoch, failuresKey } = account;
    const { requestId, address } = this.context;
    const bound = changePassword.with({
      userId,
      sessionId: actor.sessionId,
      authEpoch,
      failuresKey,
      passwordHash: await this.hasher.hash(newPassword),
      now: this.clock.now(),
      noticeId: this.random.uuid(),
      requestId,
      address,
    });
    const changed = await this.database.run(...bound);
    this.liveness.forgetUser(userId);
    if (changed.length === 0) throw new AppError(passwordErrors.credentials_invalid, { reason: 'changed meanwhile' });
  }
}
