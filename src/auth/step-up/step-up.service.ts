// Step-up: the password again, then a code, for the session that asks (security.md 5.5, A100). A trusted device cannot replace the code,
// because it would prove nothing new. The code is entered at otp/verify like any other.
import { Injectable } from '@nestjs/common';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import { AppError } from '../../platform/errors/app-error';
import type { Actor } from '../../platform/request/actor';
import { Issuance } from '../issuance/issuance.service';
import { secondFactorsOf } from '../../users/users.types';
import { AccountPassword, type SignedInAccount } from '../password/account-password.service';
import { PhonelessChallenge } from '../issuance/phoneless-challenge.service';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import { issuePhonelessStepUp, issueStepUp } from './step-up.sql';

@Injectable()
export class StepUpService {
  private readonly statement;
  private readonly phonelessStatement;

  constructor(
    private readonly passwords: AccountPassword,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly view: ChallengeView,
    private readonly issuance: Issuance,
    private readonly phoneless: PhonelessChallenge,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    this.statement = issueStepUp(LIMIT_FACTOR_ACCOUNT.windows);
    this.phonelessStatement = issuePhonelessStepUp(LIMIT_FACTOR_ACCOUNT.windows);
  }

  /**
   * @throws AppError channel_not_supported where nothing is left that could prove it, credentials_invalid, rate_limited,
   * sms_budget_exhausted, token_invalid, provider_unavailable, overloaded, not_ready
   */
  async begin(actor: Actor, password: string): Promise<ChallengeResponse> {
    const account = await this.passwords.demand(actor, password, 'step_up_fail');
    const { userId, phone, authEpoch, failuresKey, totpEnabled } = account;
    if (phone === null) return this.beginWithoutPhone(actor, account);
    // Not by recovery code, which would end every other session. It is for people who cannot sign in otherwise.
    const methods = secondFactorsOf({ phone, totpEnabled, recoveryCodesLeft: 0 });
    const challenge = this.challenges.create('step_up');
    const request = {
      challenge,
      subjectId: userId,
      accountId: userId,
      phone,
      methods,
      sessionId: actor.sessionId,
      locale: null,
      clientId: actor.clientId,
      deviceName: null,
    };
    const row = await this.issuance.tryWithReserve((reserve) =>
      this.statement.with({ ...this.messages.issueParameters({ ...request, reserve }), authEpoch, failuresKey }),
    );
    const { resendAt } = this.issuance.demandGranted(row, phone);
    return this.view.ofNew(challenge, phone, resendAt, { methods });
  }

  // A person with recovery codes only signs in anew with one of them, which makes a fresh session as well.
  private beginWithoutPhone(actor: Actor, { userId, email, ...account }: SignedInAccount): Promise<ChallengeResponse> {
    const { authEpoch, failuresKey, totpEnabled } = account;
    const methods = this.phoneless.methods({ totpEnabled, recoveryCodesLeft: 0, email });
    if (methods.length === 0) throw new AppError(otpErrors.channel_not_supported, { reason: 'no phone, app or mail' });
    const challenge = this.challenges.create('step_up');
    const { sessionId, clientId } = actor;
    const request = { challenge, accountId: userId, email, methods, sessionId, clientId, authEpoch, failuresKey };
    return this.phoneless.issue(this.phonelessStatement, request);
  }
}
