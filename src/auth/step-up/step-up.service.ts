// Step-up: the password again, then a code, for the session that asks (security.md 5.5, A100). Never by a trusted device: that would
// prove nothing new. The code is entered at otp/verify like any other.
import { Injectable } from '@nestjs/common';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge.types';
import { Challenges } from '../../otp/challenges.service';
import type { Actor } from '../../platform/request/actor';
import { IssuePolicyService } from '../issue-policy.service';
import { secondFactorsOf } from '../../users/users.types';
import { AccountPassword } from '../password/account-password.service';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import { issueStepUp } from './step-up.sql';

@Injectable()
export class StepUpService {
  private readonly statement;

  constructor(
    private readonly passwords: AccountPassword,
    private readonly challenges: Challenges,
    private readonly view: ChallengeView,
    private readonly policy: IssuePolicyService,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    this.statement = issueStepUp(LIMIT_FACTOR_ACCOUNT.windows);
  }

  /** @throws AppError credentials_invalid, rate_limited, sms_budget_exhausted, token_invalid, provider_unavailable, overloaded, not_ready */
  async begin(actor: Actor, password: string): Promise<ChallengeResponse> {
    const { userId, phone, authEpoch, failuresKey, totpEnabled } = await this.passwords.demand(
      actor,
      password,
      'step_up_fail',
    );
    // Not by recovery code: one of those ends every other session, and is for people who cannot sign in otherwise.
    const methods = secondFactorsOf({ phone, totpEnabled, recoveryCodesLeft: 0 });
    const challenge = this.challenges.create('step_up');
    const parameters = this.challenges.issueParameters({
      challenge,
      subjectId: userId,
      accountId: userId,
      phone,
      methods,
      sessionId: actor.sessionId,
      locale: null,
      clientId: actor.clientId,
      deviceName: null,
    });
    const row = await this.policy.issue(this.statement.with({ ...parameters, authEpoch, failuresKey }));
    return this.view.ofNew(challenge, phone, this.policy.granted(row).resendAt, { methods });
  }
}
