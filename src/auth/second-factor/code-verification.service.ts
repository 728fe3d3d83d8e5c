// What a presented code comes to, whatever it was asked for. All parameters are made whatever the match; the statement decides; only
// then is anything told (design D4). A code that a vendor checks is spent first, asked about second, confirmed third (protocol.md 5).
import { Injectable } from '@nestjs/common';
import { Challenges } from '../../otp/challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import type { ChallengeToken } from '../../otp/otp.types';
import { VendorCheck } from '../../otp/vendor-check.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { sessionErrors } from '../sessions/sessions.errors';
import { SecondFactorConfig } from './second-factor.config';
import { type NewSession, SessionMaker } from './session-maker.service';
import { lockedForSeconds } from './verify.policy';
import { VerifyStore } from './verify.store';
import type { VerifyRow } from './verify.types';

export interface PresentedAnswer {
  readonly challenge: ChallengeToken;
  readonly code: string;
  /** The session that the right code may make. */
  readonly session: NewSession;
  /** Whether the page that asks may be given the refresh cookie. */
  readonly cookieWelcome: boolean;
}

interface Presented extends PresentedAnswer {
  readonly userId: string;
}

@Injectable()
export class CodeVerification {
  constructor(
    private readonly store: VerifyStore,
    private readonly challenges: Challenges,
    private readonly vendor: VendorCheck,
    private readonly sessions: SessionMaker,
    private readonly throttle: FailureThrottle,
    private readonly context: RequestContext,
    private readonly config: SecondFactorConfig,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * @returns what the right code has led to, committed
   * @throws AppError token_invalid, code_*, challenge_locked, second_factor_locked, conflict, forbidden_origin, provider_unavailable, rate_limited, 503s
   */
  async accept(answer: PresentedAnswer): Promise<VerifyRow> {
    const { challenge, code, session, cookieWelcome } = answer;
    await this.throttle.check('LIMIT_FACTOR_ADDRESS', this.context.address);
    const { matched, wellFormed } = this.challenges.present(challenge, code);
    const presented = { ...answer, userId: this.random.uuid() };
    const { requestId, address } = this.context;
    const { purpose, keyId, digest: tokenDigest } = challenge;
    const parameters = {
      ...session.parameters,
      now: session.instant,
      tokenDigest,
      purpose,
      keyId,
      matched,
      wellFormed,
      cookieWelcome,
    };
    const row = await this.store.verify(challenge, { ...parameters, userId: presented.userId, requestId, address });
    if (row === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'unknown challenge' });
    return this.conclude(presented, row);
  }

  private async conclude(presented: Presented, row: VerifyRow): Promise<VerifyRow> {
    switch (row.outcome) {
      case 'ok':
        return row;
      case 'spent':
        return this.askVendor(presented, row);
      case 'wrong':
        throw await this.wrongCode(row.attemptsLeft);
      case 'conflict':
        throw new AppError(platformErrors.conflict, { errors: [{ pointer: '/phone', code: 'taken' }] });
      case 'malformed':
        throw new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/code', code: 'length' }] });
      case 'foreign':
        throw new AppError(sessionErrors.forbidden_origin, { reason: 'asks for a cookie' });
      case 'ended':
        throw new AppError(tokenErrors.token_invalid, { reason: 'the session to renew has ended' });
      case 'locked':
        throw await this.locked(presented.challenge);
      case 'dead':
        throw await this.dead(presented.challenge);
    }
  }

  private async askVendor(presented: Presented, row: VerifyRow): Promise<VerifyRow> {
    const { challenge, code, session, userId } = presented;
    const providerVerificationId = await this.vendor.approves(row, code);
    if (providerVerificationId === undefined) throw await this.wrongCode(row.attemptsLeft);
    const { requestId, address } = this.context;
    const confirmed = await this.store.confirm(challenge, {
      ...session.parameters,
      challengeId: row.challengeId,
      providerVerificationId,
      spentAt: session.instant,
      now: this.sessions.instant(),
      userId,
      requestId,
      address,
    });
    if (confirmed === undefined) throw await this.dead(challenge);
    return this.conclude(presented, { ...row, ...confirmed });
  }

  private async wrongCode(attemptsLeft: number): Promise<AppError> {
    await this.throttle.fail('LIMIT_FACTOR_ADDRESS', this.context.address);
    return new AppError(otpErrors.code_invalid, { attemptsLeft });
  }

  // Read after the statement has committed: its own snapshot may be older than the answers of parallel guesses (A02).
  private async dead(challenge: ChallengeToken): Promise<AppError> {
    const state = await this.challenges.find(challenge);
    if (state?.phase !== 'locked') return new AppError(otpErrors.code_expired);
    return new AppError(otpErrors.challenge_locked, { retryAfterSeconds: state.expiresInSeconds });
  }

  private async locked(challenge: ChallengeToken): Promise<AppError> {
    const state = await this.store.failures(challenge);
    if (state === undefined || state.disabled)
      return new AppError(otpErrors.code_expired, { reason: 'account not active' });
    const retryAfterSeconds = lockedForSeconds(state, this.config.LIMIT_FACTOR_ACCOUNT.windows, this.clock.now());
    return new AppError(otpErrors.second_factor_locked, { retryAfterSeconds });
  }
}
