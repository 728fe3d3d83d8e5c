// Login. A right password leads to a challenge, or on a trusted device to a session (trusted-login.service.ts). Known, unknown, disabled and delayed
// identifiers take the same work and get the same answer (A54); for a delayed one the password is neither looked at nor counted (A74). When too many
// passwords are being hashed, a login is refused before any account is looked up and any attempt counted (PasswordHasher.admit).
import { Injectable } from '@nestjs/common';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Clock } from '../../platform/clock/clock';
import { PasswordHasher } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import type { BrowserFacts } from '../../platform/request/browser.decorator';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { secondFactorsOf } from '../../users/users.types';
import { ClientsService } from '../clients/clients.service';
import { Identifiers } from '../identifiers/identifiers.service';
import { PhonelessChallenge } from '../issuance/phoneless-challenge.service';
import { PasswordAttempts } from '../password/password-attempts.service';
import type { AttemptRow } from '../password/password-attempts.sql';
import { passwordErrors } from '../password/password.errors';
import type { DeliveredTokens } from '../sessions/token-delivery';
import { type LoginAccount, LoginChallenge } from './login-challenge.service';
import type { LoginRequest } from './login.request';
import { LoginStore } from './login.store';
import { TrustedLogin } from './trusted-login.service';

/** The account that an identifier names. Its password has not been judged yet. */
interface NamedAccount extends LoginAccount {
  readonly passwordHash: string;
}

@Injectable()
export class LoginService {
  constructor(
    private readonly store: LoginStore,
    private readonly hasher: PasswordHasher,
    private readonly throttle: FailureThrottle,
    private readonly context: RequestContext,
    private readonly identifiers: Identifiers,
    private readonly clients: ClientsService,
    private readonly attempts: PasswordAttempts,
    private readonly trusted: TrustedLogin,
    private readonly phoneless: PhonelessChallenge,
    private readonly challenge: LoginChallenge,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError validation_failed, credentials_invalid, password_change_required, rate_limited, sms_budget_exhausted, overloaded,
   * provider_unavailable
   */
  async login(request: LoginRequest, browser: BrowserFacts): Promise<ChallengeResponse | DeliveredTokens> {
    await this.throttle.check('LIMIT_PASSWORD_ADDRESS', this.context.address);
    await this.clients.demandNamed(request.clientId ?? undefined);
    const identifier = this.identifiers.identify(request.identifier);
    const failuresKey = this.attempts.keyOf(identifier.text);
    const device = this.trusted.presented(request, browser);
    const row = await this.hasher.admit(() => this.store.attempt(identifier, failuresKey, this.clock.now(), device));
    const account = await this.authenticate(row, request.password, failuresKey);
    const tokens = device && (await this.trusted.signIn(device, account, request));
    return tokens ?? this.challenge.issue(account, request);
  }

  // The attempt is counted already. After a right password, the statement that issues the challenge resets the count.
  private async authenticate(row: AttemptRow, password: string, failuresKey: string): Promise<LoginAccount> {
    const account = row.evaluated ? this.accountOf(row, failuresKey) : undefined;
    const counted = row.evaluated ? failuresKey : null;
    const verdict = await this.attempts.judge(password, account?.passwordHash ?? null, counted);
    if (account !== undefined && verdict.ok) {
      if (row.mustChange === true) await this.refuseUntilChanged(failuresKey);
      if (verdict.needsRehash) await this.upgrade(account, password);
      return account;
    }
    await this.throttle.fail('LIMIT_PASSWORD_ADDRESS', this.context.address);
    await this.attempts.recordFailure(row, 'authn_login_fail');
    throw new AppError(passwordErrors.credentials_invalid, { reason: row.evaluated ? 'wrong or unknown' : 'delayed' });
  }

  // Only somebody who knows the password is told this. A code by phone and a new password let them in again (ADR 38).
  private async refuseUntilChanged(failuresKey: string): Promise<never> {
    await this.attempts.giveBack(failuresKey);
    throw new AppError(passwordErrors.password_change_required);
  }

  // When there is no room for one more hash it is left to the next login, because nobody should be refused for that.
  private async upgrade({ userId, passwordHash }: NamedAccount, password: string): Promise<void> {
    try {
      await this.store.upgradeHash(userId, passwordHash, await this.hasher.hash(password, passwordHash));
    } catch (error) {
      if (!(error instanceof AppError) || error.definition !== platformErrors.overloaded) throw error;
    }
  }

  /** @returns undefined also for an account without any second factor: nobody can sign in to it, so it is treated like an unknown one */
  private accountOf(
    { totpEnabled, recoveryCodesLeft, ...row }: AttemptRow,
    failuresKey: string,
  ): NamedAccount | undefined {
    const { userId, phone, email, passwordHash, authEpoch } = row;
    if (userId === null || passwordHash === null || authEpoch === null) return undefined;
    const factors = { totpEnabled: totpEnabled === true, recoveryCodesLeft: recoveryCodesLeft ?? 0 };
    const methods =
      phone === null ? this.phoneless.methods({ ...factors, email }) : secondFactorsOf({ ...factors, phone });
    if (methods.length === 0) return undefined;
    return { userId, phone, email, passwordHash, authEpoch, methods, failuresKey };
  }
}
