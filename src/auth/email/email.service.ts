// The e-mail address of an account. It is proved by a code that is mailed to it, from inside a session (design D2). Whether somebody else has proved
// it is looked at only after the code is right (A73). Where no mail can be sent, it is only a note: no login name, and not unique.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { EmailChallenges } from '../../otp/email-challenges.service';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import type { Actor } from '../../platform/request/actor';
import type { UserAccount } from '../../users/users.types';
import { FactorChange } from '../factor-change.service';
import { type AccountOfSession, accountOfSession, NOTHING_FORGIVEN } from '../issuance/account-challenge.sql';
import { Issuance } from '../issuance/issuance.service';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import { SessionCode } from '../second-factor/session-code.service';
import { lastWayIn } from '../last-way-in.sql';
import { issueEmailChange, noteEmail, removeEmail, type ReplacedRow } from './email.sql';

type Begun = { readonly challenge: ChallengeResponse } | { readonly account: UserAccount };

@Injectable()
export class EmailService {
  private readonly statement;

  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly emails: EmailChallenges,
    private readonly view: ChallengeView,
    private readonly codes: SessionCode,
    private readonly changes: FactorChange,
    private readonly issuance: Issuance,
    { LIMIT_FACTOR_ACCOUNT }: SecondFactorConfig,
  ) {
    this.statement = issueEmailChange(LIMIT_FACTOR_ACCOUNT.windows);
  }

  /**
   * @throws AppError validation_failed for the address that is proved already, conflict as remove does where it would only be noted,
   * rate_limited, token_invalid, overloaded, not_ready
   */
  async begin(actor: Actor, email: string): Promise<Begun> {
    const { userId, sessionId, clientId } = actor;
    const [own] = await this.database.run<AccountOfSession>(accountOfSession, [userId, sessionId]);
    if (own === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the session has ended' });
    if (own.provedEmail === email) {
      throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/email', code: 'unchanged' }] });
    }
    if (!this.emails.canBeSent) return { account: await this.note(actor, email) };
    const challenge = this.challenges.create('email_change');
    const parameters = this.emails.issueParameters({ challenge, accountId: userId, email, sessionId, clientId });
    const bound = this.statement.with({ ...parameters, authEpoch: own.authEpoch, failuresKey: NOTHING_FORGIVEN });
    const { resendAt } = await this.issuance.issue(bound, null);
    const shown = { channel: 'email', methods: ['email'], phoneShown: false, email } as const;
    return { challenge: this.view.ofNew(challenge, parameters.phone, resendAt, shown) };
  }

  /** @throws AppError token_*, code_*, challenge_locked, second_factor_locked, conflict, rate_limited, overloaded, not_ready */
  confirm(actor: Actor, challengeToken: string, code: string): Promise<UserAccount> {
    return this.codes.accept(actor, { purpose: 'email_change', method: 'email', challengeToken, code });
  }

  /** Having no address is no error. @throws AppError conflict when it is the last way in, token_invalid, overloaded, not_ready */
  async remove(actor: Actor): Promise<void> {
    const row = await this.changes.run<ReplacedRow>(actor, (facts) => removeEmail.with(facts));
    if (row.isLastWayIn) throw lastWayIn('/email');
    this.changes.committed(actor);
  }

  private async note(actor: Actor, email: string): Promise<UserAccount> {
    const { isLastWayIn, ...account } = await this.changes.run<ReplacedRow>(actor, (facts) =>
      noteEmail.with({ ...facts, email }),
    );
    if (isLastWayIn) throw lastWayIn('/email');
    this.changes.committed(actor);
    return account;
  }
}
