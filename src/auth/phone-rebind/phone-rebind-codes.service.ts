// The code that proves the new number of a rebind: a challenge of purpose phone_change without a session. The person gets its token from
// the operator, and the code by message only. What a right code does: verify-phone-change.sql.ts.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { FIRST_PARTY } from '../clients/client.policy';
import { NOTHING_FORGIVEN } from '../issuance/account-challenge.sql';
import { Issuance } from '../issuance/issuance.service';
import { issuePhoneRebind } from '../phone-change/phone-change.sql';
import { CodeVerification } from '../second-factor/code-verification.service';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import { SessionMaker } from '../second-factor/session-maker.service';
import { newestRebind } from './phone-rebind.sql';
import type { PhoneRebind } from './phone-rebinds.types';

const epochOf = statement('phone_rebind_epoch', 'SELECT auth_epoch AS "authEpoch" FROM phone_rebinds WHERE id = $1');

/** $1 digest of the token; it reads columns that never change. One row when no session asked for the challenge. */
const withoutSession = statement(
  'phone_rebind_own_challenge',
  'SELECT id FROM otp_attempts WHERE token_digest = $1 AND session_id IS NULL',
);

@Injectable()
export class PhoneRebindCodes {
  private readonly statement;

  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly view: ChallengeView,
    private readonly issuance: Issuance,
    private readonly codes: CodeVerification,
    private readonly sessions: SessionMaker,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    this.statement = issuePhoneRebind(LIMIT_FACTOR_ACCOUNT.windows);
  }

  /**
   * @throws AppError rate_limited, sms_budget_exhausted, provider_unavailable, overloaded, not_ready; the rebind stays, and its code can be
   * asked for again
   */
  async send({ id, userId, phone }: PhoneRebind): Promise<ChallengeResponse> {
    const [row] = await this.database.run<{ authEpoch: number }>(epochOf, [id]);
    if (row === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the account is gone' });
    const challenge = this.challenges.create('phone_change');
    const request = {
      challenge,
      subjectId: userId,
      accountId: userId,
      byOperator: true,
      phone,
      locale: null,
      clientId: FIRST_PARTY,
      deviceName: null,
    };
    const { authEpoch } = row;
    const issued = await this.issuance.tryWithReserve((reserve) => {
      const parameters = this.messages.issueParameters({ ...request, reserve });
      return this.statement.with({ ...parameters, authEpoch, failuresKey: NOTHING_FORGIVEN });
    });
    const { resendAt } = this.issuance.demandGranted(issued, phone);
    return this.view.ofNew(challenge, phone, resendAt);
  }

  /**
   * @returns when the account moves
   * @throws AppError token_*, code_*, challenge_locked, second_factor_locked, provider_unavailable, rate_limited, 503s
   */
  async prove(challengeToken: string, code: string): Promise<Date> {
    const challenge = this.challenges.parse(challengeToken, 'phone_change');
    const found = await this.database.run(withoutSession, [challenge.digest]);
    if (found.length === 0) throw new AppError(tokenErrors.token_invalid, { reason: 'unknown, or of a session' });
    const session = this.sessions.draft();
    const account = await this.codes.accept({ challenge, method: 'sms', code, session, cookieWelcome: true });
    const [rebind] = await this.database.run<PhoneRebind>(newestRebind, [account.id]);
    const movesAt = rebind?.movesAt ?? undefined;
    if (movesAt === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the rebind is gone' });
    return movesAt;
  }
}
