// A challenge for somebody who has proved the password of an account without a number (A98, ADR 61): at login and at step-up. phoneless.policy.ts
// says what answers it. Nothing is sent, except the code by mail where that is what answers it.
import { Injectable } from '@nestjs/common';
import type { NamedStatement } from '../../database/sql';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { type EmailIssueParameters, type EmailIssueRequest, EmailChallenges } from '../../otp/email-challenges.service';
import type { Method } from '../../otp/otp.types';
import type { IssueToAccountParameters } from './account-challenge.sql';
import { Issuance } from './issuance.service';
import { type Phoneless, phonelessMethods } from './phoneless.policy';

export type IssueByMailParameters = IssueToAccountParameters & EmailIssueParameters;

interface PhonelessRequest extends EmailIssueRequest {
  readonly methods: readonly Method[];
  readonly authEpoch: number;
  /** Key of the wrong passwords, which are forgiven. */
  readonly failuresKey: string;
}

@Injectable()
export class PhonelessChallenge {
  constructor(
    private readonly emails: EmailChallenges,
    private readonly view: ChallengeView,
    private readonly issuance: Issuance,
  ) {}

  /** The preferred method first; none when nothing can prove the account. */
  methods(account: Phoneless): Method[] {
    return phonelessMethods(account, this.emails.canBeSent);
  }

  /** @param statement issueToAccount with `mailTo: 'own'`. @throws AppError rate_limited, overloaded, not_ready */
  async issue(
    statement: NamedStatement<IssueByMailParameters>,
    { authEpoch, failuresKey, ...request }: PhonelessRequest,
  ): Promise<ChallengeResponse> {
    const { challenge, methods } = request;
    const email = methods.includes('email') ? request.email : null;
    const parameters = this.emails.issueParameters({ ...request, email });
    const bound = statement.with({ ...parameters, authEpoch, failuresKey });
    const { resendAt } = await this.issuance.issue(bound, null);
    return this.view.ofNew(challenge, parameters.phone, resendAt, {
      channel: 'email',
      phoneShown: false,
      email,
      methods,
    });
  }
}
