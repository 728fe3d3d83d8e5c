// A password reset that an operator starts. The code goes to the person, whose app sends it in together with a password of their choice. Unlike
// password/forgot it is about a known account: the account may be idle (ADR 37), and refusals are told. Strangers who guess at resets of the
// number, or use up its messages, do not keep the owner from it (ADR 49). One transaction locks the account, stores the challenge, queues the
// message and records who asked.
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../../audit/audit-log.service';
import { Transactions, type Tx } from '../../database/transactions';
import { Outbox } from '../../jobs/outbox.service';
import { Spending } from '../../limits/spending.service';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { EmailChallenges } from '../../otp/email-challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { type NewChallenge, startedResetKey } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { RequestContext } from '../../platform/request/request-context';
import { FIRST_PARTY } from '../clients/client.policy';
import { Issuance, type IssueRow, notIssued, withReserve } from '../issuance/issuance.service';
import { issueReset } from '../password-reset/password-reset.sql';
import { AccountsSearch } from './accounts-search.service';
import { type LockedAccount, lockAccount } from './accounts.sql';
import type { OperatorAct } from './accounts.types';
import { actFacts } from './operator-act.policy';

@Injectable()
export class OperatorReset {
  constructor(
    private readonly transactions: Transactions,
    private readonly search: AccountsSearch,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly emails: EmailChallenges,
    private readonly spending: Spending,
    private readonly view: ChallengeView,
    private readonly issuance: Issuance,
    private readonly context: RequestContext,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  /**
   * @returns the challenge for the person's app; the operator cannot use its token without the code
   * @throws AppError not_found, validation_failed, conflict for a disabled account or one without a phone, rate_limited,
   * sms_budget_exhausted, provider_unavailable, overloaded, not_ready
   */
  async start(id: string, act: OperatorAct): Promise<ChallengeResponse> {
    const meta = actFacts(act);
    const { id: userId } = await this.search.show(id);
    const challenge = this.challenges.create('reset');
    const { phone, row } = await this.transactions.run(async (tx) => {
      const account = await this.lock(tx, userId);
      const issued = await withReserve((reserve) => this.issue(tx, challenge, account, reserve));
      const { createdAt: at, id: ref } = challenge;
      const { requestId, address } = this.context;
      if (issued.granted) {
        await this.audit.record(tx, { event: 'password_reset_started', at, userId, ref, requestId, address, meta });
      }
      return { phone: account.phone, row: issued };
    });
    const { resendAt } = this.issuance.demandGranted(row, phone);
    this.outbox.begin(row.posted);
    return this.view.ofNew(challenge, phone, resendAt);
  }

  /** @param reserve whether to draw on the counter that the number keeps for operators, instead of the one that strangers can use up */
  private async issue(
    tx: Tx,
    challenge: NewChallenge,
    { id, phone, email, locale, authEpoch }: LockedAccount & { phone: string },
    reserve: boolean,
  ): Promise<IssueRow> {
    const budgetKey = startedResetKey(id);
    const parameters = this.messages.issueParameters({
      challenge,
      subjectId: id,
      phone,
      byOperator: true,
      reserve,
      budgetKey,
      locale,
      clientId: FIRST_PARTY,
      deviceName: null,
    });
    const { canBeSent: mails } = this.emails;
    const mailed = { email: mails ? email : null, mails };
    const bound = issueReset.with({ ...parameters, ...mailed, known: true, authEpoch, budgetKey });
    return this.spending.runWithin<IssueRow>(tx, bound, notIssued);
  }

  private async lock(tx: Tx, userId: string): Promise<LockedAccount & { phone: string }> {
    const [account] = await tx.run<LockedAccount>(lockAccount, [userId]);
    if (account === undefined) throw new AppError(platformErrors.not_found, { reason: 'deleted meanwhile' });
    const { phone, status } = account;
    if (status === 'disabled') throw conflict('/status', 'disabled');
    if (phone === null) throw conflict('/phone', 'missing');
    return { ...account, phone };
  }
}

function conflict(pointer: string, code: string): AppError {
  return new AppError(platformErrors.conflict, { errors: [{ pointer, code }] });
}
