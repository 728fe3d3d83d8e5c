// Gives the account a new number: sends a code to it, then one statement moves the account (verify-phone-change.sql.ts). Whether somebody has the
// number is looked at only after it is proved (A73). To ask takes a fresh sign-in or step-up; the code is accepted only from the session that asked.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { phoneErrors } from '../../platform/phone/phone.errors';
import type { Actor } from '../../platform/request/actor';
import type { UserAccount } from '../../users/users.types';
import { Identifiers } from '../identifiers/identifiers.service';
import { type AccountOfSession, accountOfSession, NOTHING_FORGIVEN } from '../issuance/account-challenge.sql';
import { Issuance } from '../issuance/issuance.service';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import { SessionCode } from '../second-factor/session-code.service';
import { issuePhoneChange } from './phone-change.sql';

@Injectable()
export class PhoneChangeService {
  private readonly statement;

  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly view: ChallengeView,
    private readonly codes: SessionCode,
    private readonly identifiers: Identifiers,
    private readonly issuance: Issuance,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    this.statement = issuePhoneChange(LIMIT_FACTOR_ACCOUNT.windows);
  }

  /** @throws AppError phone_not_supported, the own number included, rate_limited, sms_budget_exhausted, provider_unavailable, token_invalid, 503s */
  async begin({ userId, sessionId, clientId }: Actor, text: string): Promise<ChallengeResponse> {
    const phone = this.identifiers.servedPhone(text)?.e164;
    const [account] = await this.database.run<AccountOfSession>(accountOfSession, [userId, sessionId]);
    if (account === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the session has ended' });
    if (phone === undefined || phone === account.phone) throw new AppError(phoneErrors.phone_not_supported);
    const challenge = this.challenges.create('phone_change');
    const parameters = this.messages.issueParameters({
      challenge,
      subjectId: userId,
      accountId: userId,
      phone,
      sessionId,
      locale: null,
      clientId,
      deviceName: null,
    });
    const bound = this.statement.with({ ...parameters, authEpoch: account.authEpoch, failuresKey: NOTHING_FORGIVEN });
    const { resendAt } = await this.issuance.issue(bound, phone);
    return this.view.ofNew(challenge, phone, resendAt);
  }

  /** @throws AppError token_*, code_*, challenge_locked, second_factor_locked, conflict, provider_unavailable, rate_limited, 503s */
  confirm(actor: Actor, challengeToken: string, code: string): Promise<UserAccount> {
    return this.codes.accept(actor, { purpose: 'phone_change', method: 'sms', challengeToken, code });
  }
}
