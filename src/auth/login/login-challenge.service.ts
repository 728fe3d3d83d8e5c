// The challenge that follows a right password. Its code goes out by message. An account without a number is asked for another factor.
import { Injectable } from '@nestjs/common';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import type { Method, NewChallenge } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { FIRST_PARTY } from '../clients/client.policy';
import { Issuance, type IssueRow } from '../issuance/issuance.service';
import { PhonelessChallenge } from '../issuance/phoneless-challenge.service';
import { PasswordAttempts } from '../password/password-attempts.service';
import type { ProvedAccount } from '../password/proved-account.types';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import type { LoginRequest } from './login.request';
import { issueLogin, issuePhonelessLogin } from './login.sql';

export interface LoginAccount extends ProvedAccount {
  /** The methods that can answer a challenge, the preferred one first. */
  readonly methods: readonly Method[];
}

type AccountWithPhone = LoginAccount & { readonly phone: string };

@Injectable()
export class LoginChallenge {
  private readonly statement;
  private readonly phonelessStatement;

  constructor(
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly view: ChallengeView,
    private readonly issuance: Issuance,
    private readonly phoneless: PhonelessChallenge,
    private readonly attempts: PasswordAttempts,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    this.statement = issueLogin(LIMIT_FACTOR_ACCOUNT.windows);
    this.phonelessStatement = issuePhonelessLogin(LIMIT_FACTOR_ACCOUNT.windows);
  }

  /** @throws AppError rate_limited, sms_budget_exhausted, provider_unavailable, overloaded, not_ready */
  async issue(account: LoginAccount, request: LoginRequest): Promise<ChallengeResponse> {
    const { phone } = account;
    return phone === null ? this.withoutPhone(account, request) : this.byMessage({ ...account, phone }, request);
  }

  private async byMessage(account: AccountWithPhone, request: LoginRequest): Promise<ChallengeResponse> {
    const challenge = this.challenges.create('login');
    const row = await this.issueOrGiveBack(challenge, account, request);
    const { resendAt } = this.issuance.demandGranted(row, account.phone);
    return this.view.ofNew(challenge, account.phone, resendAt, account);
  }

  // The password was right. So when no vendor can take a message, the attempt that was counted must not stay counted as a failure.
  private async issueOrGiveBack(
    challenge: NewChallenge,
    account: AccountWithPhone,
    request: LoginRequest,
  ): Promise<IssueRow> {
    try {
      return await this.issuance.tryWithReserve((reserve) => this.bound(challenge, account, request, reserve));
    } catch (error) {
      const isWithoutVendor = error instanceof AppError && error.definition === otpErrors.provider_unavailable;
      if (isWithoutVendor) await this.attempts.giveBack(account.failuresKey);
      throw error;
    }
  }

  private bound(
    challenge: NewChallenge,
    { userId, phone, methods, authEpoch, failuresKey }: AccountWithPhone,
    request: LoginRequest,
    reserve: boolean,
  ): ReturnType<typeof this.statement.with> {
    const account = { subjectId: userId, accountId: userId, phone, methods };
    const parameters = this.messages.issueParameters({ challenge, reserve, ...account, ...asked(request) });
    return this.statement.with({ ...parameters, authEpoch, failuresKey });
  }

  private withoutPhone(account: LoginAccount, request: LoginRequest): Promise<ChallengeResponse> {
    const { userId: accountId, email, methods, authEpoch, failuresKey } = account;
    return this.phoneless.issue(this.phonelessStatement, {
      challenge: this.challenges.create('login'),
      accountId,
      email,
      methods,
      sessionId: null,
      ...asked(request),
      authEpoch,
      failuresKey,
    });
  }
}

/** What the challenge keeps of the request for the session that a right code makes. */
function asked({ locale, clientId, deviceName, tokenDelivery }: LoginRequest) {
  return {
    locale: locale ?? null,
    clientId: clientId ?? FIRST_PARTY,
    deviceName: deviceName ?? null,
    tokenDelivery: tokenDelivery ?? undefined,
  };
}
