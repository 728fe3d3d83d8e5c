// What a presented code leads to. All parameters are made whatever the match; the statement decides; only then is anything
// told (design D4). A code that a vendor checks is spent first, asked about second, confirmed third (protocol.md 5).
import { Injectable } from '@nestjs/common';
import { Challenges } from '../../otp/challenges.service';
import { SecondFactorConfig } from './second-factor.config';
import { otpErrors } from '../../otp/otp.errors';
import type { ChallengeToken } from '../../otp/otp.types';
import { VendorCheck } from '../../otp/vendor-check.service';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import type { BrowserFacts } from '../../platform/request/browser.decorator';
import { RequestContext } from '../../platform/request/request-context';
import { FailureThrottle } from '../../throttling/failure-throttle.service';
import { BrowserOrigin } from '../sessions/browser-origin.service';
import { sessionErrors } from '../sessions/sessions.errors';
import type { DeliveredTokens } from '../sessions/token-delivery';
import { NewSession, SessionMaker } from './session-maker.service';
import { lockedForSeconds } from './verify.policy';
import { VerifyStore } from './verify.store';
import type { VerifyRow } from './verify.types';

interface Presented {
  readonly challenge: ChallengeToken;
  readonly code: string;
  readonly session: NewSession;
  readonly userId: string;
}

@Injectable()
export class VerifyService {
  constructor(
    private readonly store: VerifyStore,
    private readonly challenges: Challenges,
    private readonly vendor: VendorCheck,
    private readonly sessions: SessionMaker,
    private readonly browsers: BrowserOrigin,
    private readonly throttle: FailureThrottle,
    private readonly context: RequestContext,
    private readonly config: SecondFactorConfig,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** @throws AppError token_*, code_*, challenge_locked, second_factor_locked, conflict, forbidden_origin, provider_unavailable, rate_limited, 503s */
  async verify(token: string, code: string, browser: BrowserFacts): Promise<DeliveredTokens> {
    const challenge = this.challenges.parse(token);
    if (challenge.purpose !== 'login' && challenge.purpose !== 'register') {
      throw new AppError(tokenErrors.token_type_invalid, { reason: `purpose ${challenge.purpose}` });
    }
    await this.throttle.check('LIMIT_FACTOR_ADDRESS', this.context.address);
    const { matched, wellFormed } = this.challenges.present(challenge, code);
    const cookieWelcome = await this.browsers.isWelcome(browser);
    const session = await this.sessions.prepare();
    const presented = { challenge, code, session, userId: this.random.uuid() };
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

  private async conclude(presented: Presented, row: VerifyRow): Promise<DeliveredTokens> {
    switch (row.outcome) {
      case 'ok':
        if (presented.challenge.purpose === 'register') await this.throttle.registered(this.context.address);
        return this.sessions.tokens(presented.session, row);
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
      case 'locked':
        throw await this.locked(presented.challenge);
      case 'dead':
        throw await this.dead(presented.challenge);
    }
  }

  private async askVendor(presented: Presented, row: VerifyRow): Promise<DeliveredTokens> {
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
    return this.conclude(presented, { ...row, ...confirmed, outcome: confirmed.outcome ?? 'ok' });
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
