// Login: a right password ends in a pending challenge, or from a trusted device in a session (trusted-login.service.ts). Known, unknown,
// disabled and delayed identifiers do the same work and get the same answer (A54); a delayed one is neither evaluated nor counted (A74).
// Whoever finds no place at the hashes is refused before any account is looked up or attempt counted (PasswordHasher.admit).
import { Injectable } from '@nestjs/common';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge.types';
import { Challenges } from '../../otp/challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import type { Method, NewChallenge } from '../../otp/otp.types';
import { Clock } from '../../platform/clock/clock';
import { PasswordHasher, PasswordVerdict } from '../../platform/crypto/password-hasher';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import type { BrowserFacts } from '../../platform/request/browser.decorator';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { secondFactorsOf } from '../../users/users.types';
import { FIRST_PARTY } from '../clients/client.policy';
import { ClientsService } from '../clients/clients.service';
import { Identifiers } from '../identifiers/identifiers.service';
import { Issuance, type IssueRow } from '../issuance/issuance.service';
import { PasswordFailures } from '../password/password-failures.service';
import { passwordErrors } from '../password/password.errors';
import type { DeliveredTokens } from '../sessions/token-delivery';
import { PhonelessChallenge } from '../issuance/phoneless-challenge.service';
import { loginErrors } from './login.errors';
import type { LoginRequest } from './login.request';
import type { LoginRow } from './login.sql';
import { LoginStore } from './login.store';
import { TrustedLogin } from './trusted-login.service';

interface Account {
  readonly userId: string;
  /** Null once it went to somebody else (A98). */
  readonly phone: string | null;
  readonly email: string | null;
  readonly passwordHash: string;
  readonly authEpoch: number;
  readonly methods: readonly Method[];
}

type Reachable = Account & { readonly phone: string };

@Injectable()
export class LoginService {
  constructor(
    private readonly store: LoginStore,
    private readonly challenges: Challenges,
    private readonly view: ChallengeView,
    private readonly hasher: PasswordHasher,
    private readonly throttle: FailureThrottle,
    private readonly context: RequestContext,
    private readonly identifiers: Identifiers,
    private readonly issuance: Issuance,
    private readonly clients: ClientsService,
    private readonly failures: PasswordFailures,
    private readonly trusted: TrustedLogin,
    private readonly phoneless: PhonelessChallenge,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError validation_failed, credentials_invalid, password_change_required, rate_limited, sms_budget_exhausted, overloaded, provider_unavailable */
  async login(request: LoginRequest, browser: BrowserFacts): Promise<ChallengeResponse | DeliveredTokens> {
    await this.throttle.check('LIMIT_PASSWORD_ADDRESS', this.context.address);
    await this.clients.demandNamed(request.clientId ?? undefined);
    const identifier = this.identifiers.identify(request.identifier);
    const failuresKey = this.failures.keyOf(identifier.text);
    const device = this.trusted.inHand(request, browser);
    const row = await this.hasher.admit(() => this.store.attempt(identifier, failuresKey, this.clock.now(), device));
    const account = await this.authenticate(row, request.password, failuresKey);
    const tokens = device && (await this.trusted.signIn(device, { ...account, failuresKey }, request));
    if (tokens !== undefined) return tokens;
    const { phone } = account;
    if (phone === null) return this.phonelessChallenge(account, request, failuresKey);
    return this.challenge({ ...account, phone }, request, failuresKey);
  }

  // The attempt is counted already; a right password sets the count back in the statement that issues the challenge.
  private async authenticate(row: LoginRow, password: string, failuresKey: string): Promise<Account> {
    const account = row.evaluated ? this.accountOf(row) : undefined;
    const verdict = await this.judge(password, account?.passwordHash ?? null, row.evaluated ? failuresKey : undefined);
    if (account !== undefined && verdict.ok) {
      if (row.mustChange === true) await this.refuseSpent(failuresKey);
      if (verdict.needsRehash) await this.upgrade(account, password);
      return account;
    }
    await this.throttle.fail('LIMIT_PASSWORD_ADDRESS', this.context.address);
    await this.failures.record(row, 'authn_login_fail');
    throw new AppError(loginErrors.credentials_invalid, { reason: row.evaluated ? 'wrong or unknown' : 'delayed' });
  }

  // Only somebody who knows the password is told; what lets them in again is a code by phone and a new one (ADR 38).
  private async refuseSpent(failuresKey: string): Promise<never> {
    await this.store.giveAttemptBack(failuresKey);
    throw new AppError(passwordErrors.password_change_required);
  }

  private async judge(password: string, encoded: string | null, counted: string | undefined): Promise<PasswordVerdict> {
    try {
      return await this.hasher.verify(password, encoded);
    } catch (error) {
      // Nobody looked at the password: a flood of logins must not delay its owner.
      if (counted !== undefined) await this.store.giveAttemptBack(counted);
      throw error;
    }
  }

  // Where there is no room for one hash more, the next login does it: nobody is turned away for it.
  private async upgrade({ userId, passwordHash }: Account, password: string): Promise<void> {
    try {
      await this.store.upgradeHash(userId, passwordHash, await this.hasher.hash(password, passwordHash));
    } catch (error) {
      if (!(error instanceof AppError) || error.definition !== platformErrors.overloaded) throw error;
    }
  }

  private async challenge(account: Reachable, request: LoginRequest, failuresKey: string): Promise<ChallengeResponse> {
    const challenge = this.challenges.create('login');
    const first = await this.issueOrGiveBack(challenge, account, request, failuresKey);
    // A refusal has written nothing; what a stranger's registrations have used up must not keep the owner out (A65).
    const row =
      first.granted || first.refusal === 'budget'
        ? first
        : await this.issue(challenge, account, request, failuresKey, true);
    return this.view.ofNew(challenge, account.phone, this.issuance.demandGranted(row, account.phone).resendAt, account);
  }

  // The password was right, so a refusal for want of a vendor must not count as a failure.
  private async issueOrGiveBack(
    challenge: NewChallenge,
    account: Reachable,
    request: LoginRequest,
    failuresKey: string,
  ): Promise<IssueRow> {
    try {
      return await this.issue(challenge, account, request, failuresKey, false);
    } catch (error) {
      const isWithoutVendor = error instanceof AppError && error.definition === otpErrors.provider_unavailable;
      if (isWithoutVendor) await this.store.giveAttemptBack(failuresKey);
      throw error;
    }
  }

  private issue(
    challenge: NewChallenge,
    account: Reachable,
    request: LoginRequest,
    failuresKey: string,
    reserve: boolean,
  ): Promise<IssueRow> {
    const parameters = this.challenges.issueParameters({
      challenge,
      reserve,
      subjectId: account.userId,
      accountId: account.userId,
      phone: account.phone,
      methods: account.methods,
      locale: request.locale ?? null,
      clientId: request.clientId ?? FIRST_PARTY,
      deviceName: request.deviceName ?? null,
      tokenDelivery: request.tokenDelivery ?? undefined,
    });
    return this.store.issue({ ...parameters, authEpoch: account.authEpoch, failuresKey });
  }

  private phonelessChallenge(account: Account, request: LoginRequest, failuresKey: string): Promise<ChallengeResponse> {
    const { userId, email, methods, authEpoch } = account;
    return this.phoneless.issue(this.store.phonelessStatement, {
      challenge: this.challenges.create('login'),
      accountId: userId,
      email,
      methods,
      sessionId: null,
      clientId: request.clientId ?? FIRST_PARTY,
      locale: request.locale ?? null,
      deviceName: request.deviceName ?? null,
      tokenDelivery: request.tokenDelivery ?? undefined,
      authEpoch,
      failuresKey,
    });
  }

  /** An account that nothing can prove is none: its password is not looked at, as nobody's is. */
  private accountOf({ totpEnabled, recoveryCodesLeft, ...row }: LoginRow): Account | undefined {
    const { userId, phone, email, passwordHash, authEpoch } = row;
    if (userId === null || passwordHash === null || authEpoch === null) return undefined;
    const factors = { totpEnabled: totpEnabled === true, recoveryCodesLeft: recoveryCodesLeft ?? 0 };
    const methods =
      phone === null ? this.phoneless.methods({ ...factors, email }) : secondFactorsOf({ ...factors, phone });
    return methods.length === 0 ? undefined : { userId, phone, email, passwordHash, authEpoch, methods };
  }
}
