// Judges a presented code, whatever the challenge is for. All parameters are made whether the code is right or not; the statement decides;
// only then is anything told (design D4). For a code that a vendor checks: the attempt is spent first, then the vendor is asked, then a
// second statement confirms its yes (protocol.md 5).
import { Injectable } from '@nestjs/common';
import { EmailChallenges } from '../../otp/email-challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import type { ChallengeToken } from '../../otp/otp.types';
import { VendorCheck } from '../../otp/vendor-check.service';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { IdleNumberConfig } from '../../config/idle-number.config';
import { CodeRefusals } from './code-refusals.service';
import type { ProofParameters } from './method';
import { SecondFactorMethods } from './methods.service';
import { SessionMaker } from './session-maker.service';
import { verifyParameters } from './verify-parameters';
import { VerifyStore } from './verify.store';
import type {
  AnswerFacts,
  FurtherCodes,
  JudgedFurtherCodes,
  PresentedAnswer,
  VerifyParameters,
  VerifyRow,
} from './verify.types';

const NO_FURTHER_CODES: JudgedFurtherCodes = {
  totpId: null,
  totpStep: null,
  totpSealed: null,
  recoveryHash: null,
  given: [],
  emailGiven: false,
  emailMatched: false,
};

@Injectable()
export class CodeVerification {
  constructor(
    private readonly store: VerifyStore,
    private readonly emails: EmailChallenges,
    private readonly methods: SecondFactorMethods,
    private readonly vendor: VendorCheck,
    private readonly sessions: SessionMaker,
    private readonly refusals: CodeRefusals,
    private readonly throttle: FailureThrottle,
    private readonly context: RequestContext,
    private readonly random: Random,
    private readonly idle: IdleNumberConfig,
  ) {}

  /**
   * @returns the row of the statement that accepted the code, committed
   * @throws AppError validation_failed for a method that the challenge does not offer, token_invalid, code_*, challenge_locked, second_factor_locked,
   * second_factor_required, conflict, forbidden_origin, provider_unavailable, rate_limited, 503s
   */
  async accept(answer: PresentedAnswer): Promise<VerifyRow> {
    const { challenge, code, method } = answer;
    if (!this.store.takes(challenge.purpose, method)) {
      throw await this.refusals.of('not_offered', challenge);
    }
    await this.throttle.check('LIMIT_FACTOR_ADDRESS', this.context.address);
    const judged = await this.methods[method].judge(challenge, code);
    const { furtherCodes } = answer;
    const further = furtherCodes === undefined ? NO_FURTHER_CODES : await this.judgeFurther(challenge, furtherCodes);
    // No spreads from here to a right code: V8 makes a new shape for each (ADR 70).
    const parameters = verifyParameters(answer, judged, further, this.facts());
    const row = await this.store.verify(challenge, method, parameters);
    if (row === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'unknown challenge' });
    if (row.outcome === 'ok') return row;
    return this.conclude(answer, parameters, row);
  }

  private async conclude(answer: PresentedAnswer, parameters: VerifyParameters, row: VerifyRow): Promise<VerifyRow> {
    const { outcome } = row;
    if (outcome === 'ok') return row;
    if (outcome === 'spent') return this.askVendor(answer, parameters, row);
    if (outcome === 'wrong') throw await this.wrongCode(row.attemptsLeft);
    throw await this.refusals.of(outcome, answer.challenge, row.methodsNeeded);
  }

  private async askVendor(answer: PresentedAnswer, parameters: VerifyParameters, row: VerifyRow): Promise<VerifyRow> {
    const { challenge, code } = answer;
    const providerVerificationId = await this.vendor.approves(row, code);
    if (providerVerificationId === undefined) throw await this.wrongCode(row.attemptsLeft);
    const confirmed = await this.store.confirm(challenge, {
      ...parameters,
      wellFormed: true,
      challengeId: row.challengeId,
      providerVerificationId,
      spentAt: parameters.now,
      now: this.sessions.instant(),
    });
    if (confirmed === undefined) throw await this.refusals.of('dead', challenge);
    return this.conclude(answer, parameters, { ...row, ...confirmed });
  }

  // Done before the statement, whatever the code: the statement uses the result only when the code is right.
  private async judgeFurther(challenge: ChallengeToken, codes: FurtherCodes): Promise<JudgedFurtherCodes> {
    const given = (['totp', 'recovery_code'] as const).filter((method) => codes[method] !== undefined);
    let judged: ProofParameters = { totpId: null, totpStep: null, totpSealed: null, recoveryHash: null };
    for (const method of given) {
      const { parameters } = await this.methods[method].judge(challenge, codes[method] ?? '');
      judged = { ...judged, ...parameters };
    }
    const emailGiven = codes.email !== undefined;
    const emailMatched = this.emails.isMailedCode(challenge, codes.email ?? '');
    return { ...judged, given, emailGiven, emailMatched };
  }

  private facts(): AnswerFacts {
    const { requestId, address } = this.context;
    return {
      requestId,
      address,
      idleDays: this.idle.PHONE_IDLE_DAYS,
      userId: this.random.uuid(),
      noticeId: this.random.uuid(),
      oldNoticeId: this.random.uuid(),
      newNoticeId: this.random.uuid(),
    };
  }

  private async wrongCode(attemptsLeft: number): Promise<AppError> {
    await this.throttle.fail('LIMIT_FACTOR_ADDRESS', this.context.address);
    return new AppError(otpErrors.code_invalid, { attemptsLeft });
  }
}
