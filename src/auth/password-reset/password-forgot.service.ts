// Sends a code to somebody who has forgotten their password. Whoever asks has proved nothing. So the answer, the work, and what the challenge shows
// later are the same whether there is such an account or not (A55, A76; protocol.md 4). The account is looked up first; then one statement stores the
// challenge, a real one or a decoy. When a counter refuses it, a second statement stores a decoy instead (A76).
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { nothingSpent } from '../../limits/counters.sql';
import { refundableHit } from '../../limits/limits.sql';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { EmailChallenges } from '../../otp/email-challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { Clock } from '../../platform/clock/clock';
import { KeyedDigest } from '../../platform/crypto/keyed-digest';
import { Random } from '../../platform/random/random';
import { IdleNumberConfig } from '../../config/idle-number.config';
import { GateKeeper } from '../challenge-gate/gate-keeper.service';
import { FIRST_PARTY } from '../clients/client.policy';
import { Identifiers } from '../identifiers/identifiers.service';
import { Issuance, type IssueRow } from '../issuance/issuance.service';
import type { Identifier } from '../identifiers/identifier.policy';
import { PasswordResetConfig } from './password-reset.config';
import { findForgotten, type ForgottenRow, issueReset, type IssueResetParameters } from './password-reset.sql';

@Injectable()
export class PasswordForgotService {
  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly emails: EmailChallenges,
    private readonly view: ChallengeView,
    private readonly identifiers: Identifiers,
    private readonly issuance: Issuance,
    private readonly digests: KeyedDigest,
    private readonly config: PasswordResetConfig,
    private readonly idle: IdleNumberConfig,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly gate: GateKeeper,
  ) {}

  /**
   * @throws AppError gate_required, sms_budget_exhausted, provider_unavailable, overloaded, not_ready: none depends on whether there is
   * such an account
   */
  async forgot(text: string, gateToken?: string | null): Promise<ChallengeResponse> {
    await this.gate.demand('password_forgot', gateToken);
    const identifier = this.identifiers.identify(text);
    const { userId, phone: known, authEpoch, locale, email } = await this.find(identifier);
    const digest = this.digests.text('identifier', identifier.text);
    const typed = identifier.kind === 'phone' && identifier.lookup !== '' ? identifier.lookup : undefined;
    const phoneShown = typed !== undefined;
    const budgetKey = `reset:${digest}`;
    // A name without a number gets a made-up text instead of one, which no phone number can be.
    const phone = known ?? typed ?? `~${digest}`;
    const challenge = this.challenges.create('reset');
    const parameters = this.messages.issueParameters({
      challenge,
      subjectId: userId ?? this.random.uuid(),
      phone,
      phoneShown,
      budgetKey,
      alsoWanted: [refundableHit(`reset:to:${digest}`, this.config.LIMIT_RESET_DESTINATION)],
      locale,
      clientId: FIRST_PARTY,
      deviceName: null,
    });
    const bound = { ...parameters, known: userId !== null, authEpoch: authEpoch ?? 0, budgetKey };
    const mailed = { email: this.emails.canBeSent ? email : null, mails: this.emails.canBeSent };
    const { resendAt } = await this.issue({ ...bound, ...mailed }, phoneShown);
    return this.view.ofNew(challenge, phone, resendAt, { phoneShown });
  }

  /**
   * When counters refuse, a decoy is stored. Only the refusal of a shared budget is told, and only when a number was typed: it depends on
   * no account.
   */
  private async issue(parameters: IssueResetParameters, phoneShown: boolean): Promise<IssueRow> {
    const row = await this.issuance.tryToIssue(issueReset.with(parameters));
    if (row.granted) return row;
    const { phone } = parameters;
    if (row.refusal === 'budget' && phoneShown) throw this.issuance.refusal(row, phone);
    this.issuance.countRefusal(row, phone);
    const uncounted = { ...nothingSpent, wanted: '[]', turnKey: null };
    return this.issuance.tryToIssue(issueReset.with({ ...parameters, ...uncounted, known: false, email: null }));
  }

  private async find({ kind, lookup }: Identifier): Promise<ForgottenRow> {
    const [row] = await this.database.run<ForgottenRow>(
      ...findForgotten[kind].with({
        lookup,
        now: this.clock.now(),
        idleDays: this.idle.PHONE_IDLE_DAYS,
        mails: this.emails.canBeSent,
      }),
    );
    if (row === undefined) throw new Error('the statement always has a row');
    return row;
  }
}
