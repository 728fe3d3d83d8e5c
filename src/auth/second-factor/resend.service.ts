// Sends the code of a live challenge once more (security.md 5.2). It reads the challenge's state and judges the rules of that challenge. Then one
// statement takes the counters, changes the challenge and posts the job. Of parallel requests exactly one sends (A22, A23).
import { Injectable } from '@nestjs/common';
import { Outbox } from '../../jobs/outbox.service';
import { Spending } from '../../limits/spending.service';
import { ChallengeView } from '../../otp/challenge-view.service';
import type { ChallengeResponse } from '../../otp/challenge-response.types';
import { Challenges } from '../../otp/challenges.service';
import { EmailChallenges } from '../../otp/email-challenges.service';
import { MessageChallenges } from '../../otp/message-challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import {
  type ChallengeStanding,
  type ChallengeToken,
  type CodeChannel,
  isAnonymous,
  mayUseReserve,
} from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { Issuance } from '../issuance/issuance.service';
import { CodeRefusals } from './code-refusals.service';
import { SecondFactorConfig } from './second-factor.config';
import { resendToAccount, resendAnonymous, ResendRow } from './resend.sql';

@Injectable()
export class ResendService {
  private readonly statements;

  constructor(
    private readonly spending: Spending,
    private readonly challenges: Challenges,
    private readonly messages: MessageChallenges,
    private readonly emails: EmailChallenges,
    private readonly view: ChallengeView,
    private readonly refusals: CodeRefusals,
    private readonly issuance: Issuance,
    private readonly outbox: Outbox,
    { LIMIT_FACTOR_ACCOUNT: { windows } }: SecondFactorConfig,
  ) {
    this.statements = {
      known: resendToAccount(windows),
      anonymous: resendAnonymous(windows),
      email: resendToAccount(windows, 'mail'),
    };
  }

  /**
   * @throws AppError token_*, code_expired, challenge_locked, channel_not_supported, second_factor_locked, rate_limited,
   * sms_budget_exhausted, provider_unavailable
   */
  async resend(token: string, channel: 'sms' | 'voice' | undefined): Promise<ChallengeResponse> {
    const challenge = this.challenges.parse(token);
    const state = await this.challenges.demand(challenge);
    const wanted = channel ?? state.channel;
    this.demandSendable(state, wanted);
    const send = (reserve: boolean): Promise<ResendRow> => {
      const bound = this.bound(challenge, state, wanted, reserve);
      return this.spending.run<ResendRow>(bound, { sent: false, resendAt: null, open: true, posted: null });
    };
    const first = await send(false);
    const isKeptForIt = first.refusal === 'limit' && mayUseReserve(state, state.sendsCount);
    const row = isKeptForIt ? await send(true) : first;
    this.outbox.begin(row.posted);
    if (!row.sent) throw await this.refused(challenge, row, wanted === 'email' ? null : state.phone);
    return this.view.ofState(token, { ...state, channel: wanted, resendAt: row.resendAt });
  }

  private bound(challenge: ChallengeToken, state: ChallengeStanding, wanted: CodeChannel, reserve: boolean) {
    if (wanted === 'email') return this.statements.email.with(this.emails.resendParameters(challenge, state));
    const parameters = this.messages.resendParameters(challenge, state, wanted, reserve);
    return this.statements[isAnonymous(challenge.purpose) ? 'anonymous' : 'known'].with(parameters);
  }

  private demandSendable(state: ChallengeStanding, channel: CodeChannel): void {
    const { phase, expiresInSeconds, resendAfterSeconds } = state;
    if (phase === 'locked') throw new AppError(otpErrors.challenge_locked, { retryAfterSeconds: expiresInSeconds });
    if (phase !== 'pending') throw new AppError(otpErrors.code_expired, { reason: phase });
    if (!this.view.channels(state).includes(channel)) throw new AppError(otpErrors.channel_not_supported);
    if (resendAfterSeconds === null) throw rateLimited(expiresInSeconds, 'no send left');
    if (resendAfterSeconds > 0) throw rateLimited(resendAfterSeconds, 'cooldown');
  }

  private async refused(challenge: ChallengeToken, row: ResendRow, phone: string | null): Promise<AppError> {
    return row.open ? this.issuance.refusal(row, phone) : this.refusals.of('locked', challenge);
  }
}

function rateLimited(retryAfterSeconds: number, reason: string): AppError {
  return new AppError(platformErrors.rate_limited, { retryAfterSeconds: Math.max(1, retryAfterSeconds), reason });
}
