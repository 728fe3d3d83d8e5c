// What a presented code comes to, whatever it was asked for. All parameters are made whatever the match; the statement decides; only
// then is anything told (design D4). A code that a vendor checks is spent first, asked about second, confirmed third (protocol.md 5).
import { Injectable } from '@nestjs/common';
import { EmailChallenges } from '../../otp/email-challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import type { ChallengeToken, Method } from '../../otp/otp.types';
import { VendorCheck } from '../../otp/vendor-check.service';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { CodeRefusals } from './code-refusals.service';
import type { ProofParameters } from './method';
import { SecondFactorMethods } from './methods.service';
import { type NewSession, SessionMaker } from './session-maker.service';
import { verifyParameters } from './verify-parameters';
import { VerifyStore } from './verify.store';
import type { JudgedBesides, PhoneNotices, VerifyRow } from './verify.types';

export interface PresentedAnswer {
  readonly challenge: ChallengeToken;
  readonly code: string;
  /** What the code is of. */
  readonly method: Method;
  /** The session that the right code may make. */
  readonly session: NewSession;
  /** Whether the page that asks may be given the refresh cookie. */
  readonly cookieWelcome: boolean;
  /** Codes of other methods, for an account that needs one as well: a reset's. */
  readonly besides?: Besides;
}

/** By method; a further one is a line of PasswordResetRequest and a WHEN of verify-reset.sql.ts. */
export type Besides = Readonly<Partial<Record<Method, string>>>;

interface Presented extends PresentedAnswer {
  readonly besidesJudged: JudgedBesides;
  readonly userId: string;
  readonly notices: PhoneNotices;
}

const nothingBesides: JudgedBesides = {
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
  ) {}

  /**
   * @returns what the right code has led to, committed
   * @throws AppError validation_failed for a method that the challenge does not offer, token_invalid, code_*, challenge_locked, second_factor_locked, second_factor_required, conflict, forbidden_origin, provider_unavailable, rate_limited, 503s
   */
  async accept(answer: PresentedAnswer): Promise<VerifyRow> {
    const { challenge, code, method, session, cookieWelcome } = answer;
    if (!this.store.takes(challenge.purpose, method)) {
      throw await this.refusals.of('not_offered', challenge);
    }
    await this.throttle.check('LIMIT_FACTOR_ADDRESS', this.context.address);
    const { matched, wellFormed, parameters: proof } = await this.methods[method].judge(challenge, code);
    const { besides } = answer;
    const besidesJudged = besides === undefined ? nothingBesides : await this.judgeBesides(challenge, besides);
    const userId = this.random.uuid();
    const notices = { oldNoticeId: this.random.uuid(), newNoticeId: this.random.uuid() };
    const { requestId, address } = this.context;
    const noticeId = this.random.uuid();
    // No spreads from here to a right code: V8 makes a new shape for each (ADR 70).
    const parameters = verifyParameters({
      challenge,
      session,
      matched,
      wellFormed,
      cookieWelcome,
      requestId,
      address,
      userId,
      noticeId,
      notices,
      besides: besidesJudged,
      proof,
    });
    const row = await this.store.verify(challenge, method, parameters);
    if (row === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'unknown challenge' });
    if (row.outcome === 'ok') return row;
    return this.conclude({ ...answer, besidesJudged, userId, notices }, row);
  }

  private async conclude(presented: Presented, row: VerifyRow): Promise<VerifyRow> {
    const { outcome } = row;
    if (outcome === 'ok') return row;
    if (outcome === 'spent') return this.askVendor(presented, row);
    if (outcome === 'wrong') throw await this.wrongCode(row.attemptsLeft);
    throw await this.refusals.of(outcome, presented.challenge, row.methodsNeeded);
  }

  private async askVendor(presented: Presented, row: VerifyRow): Promise<VerifyRow> {
    const { challenge, code, session, userId, notices, besidesJudged } = presented;
    const providerVerificationId = await this.vendor.approves(row, code);
    if (providerVerificationId === undefined) throw await this.wrongCode(row.attemptsLeft);
    const { requestId, address } = this.context;
    const confirmed = await this.store.confirm(challenge, {
      ...session.parameters,
      ...notices,
      ...besidesJudged,
      wellFormed: true,
      noticeId: this.random.uuid(),
      challengeId: row.challengeId,
      providerVerificationId,
      spentAt: session.instant,
      now: this.sessions.instant(),
      userId,
      requestId,
      address,
    });
    if (confirmed === undefined) throw await this.refusals.of('dead', challenge);
    return this.conclude(presented, { ...row, ...confirmed });
  }

  // Before the statement and whatever the code: it does nothing with them unless the code is right.
  private async judgeBesides(challenge: ChallengeToken, besides: Besides): Promise<JudgedBesides> {
    const given = (['totp', 'recovery_code'] as const).filter((method) => besides[method] !== undefined);
    let judged: ProofParameters = { totpId: null, totpStep: null, totpSealed: null, recoveryHash: null };
    for (const method of given) {
      const { parameters } = await this.methods[method].judge(challenge, besides[method] ?? '');
      judged = { ...judged, ...parameters };
    }
    const emailGiven = besides.email !== undefined;
    const emailMatched = this.emails.isMailedCode(challenge, besides.email ?? '');
    return { ...judged, given, emailGiven, emailMatched };
  }

  private async wrongCode(attemptsLeft: number): Promise<AppError> {
    await this.throttle.fail('LIMIT_FACTOR_ADDRESS', this.context.address);
    return new AppError(otpErrors.code_invalid, { attemptsLeft });
  }
}
