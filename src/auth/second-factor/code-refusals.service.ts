// Turns the outcome of a code that was not accepted into an error. Where that takes a second look, it is made after the statement has
// committed, because the statement's own snapshot may be older than the answers to parallel guesses (A02).
import { Injectable } from '@nestjs/common';
import { Challenges } from '../../otp/challenges.service';
import { otpErrors } from '../../otp/otp.errors';
import type { ChallengeToken, Method } from '../../otp/otp.types';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { tokenErrors } from '../../platform/errors/token.errors';
import { inviteErrors } from '../invites/invites.errors';
import { sessionErrors } from '../sessions/sessions.errors';
import { FactorFailuresStore, type FailureState } from './factor-failures.store';
import { SecondFactorConfig } from './second-factor.config';
import { lockedForSeconds } from './verify.policy';
import type { VerifyOutcome } from './verify.types';

/** Outcomes that end the request here. After a right code, a wrong one, and one that a vendor decides about, the flow goes on elsewhere. */
export type RefusedOutcome = Exclude<VerifyOutcome, 'ok' | 'spent' | 'wrong'>;

type Told = Exclude<RefusedOutcome, 'dead' | 'locked' | 'further_locked'>;
type MethodsNeeded = readonly Method[] | undefined;

/** Outcomes that need no second look. */
const told: Readonly<Record<Told, (challenge: ChallengeToken, needed: MethodsNeeded) => AppError>> = {
  conflict: ({ purpose }) => {
    const pointer = purpose === 'email_change' ? '/email' : '/phone';
    return new AppError(platformErrors.conflict, { errors: [{ pointer, code: 'taken' }] });
  },
  uninvited: () => new AppError(inviteErrors.registration_closed, { reason: 'the invitation is not good any more' }),
  malformed: () => new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/code', code: 'length' }] }),
  not_offered: () =>
    new AppError(platformErrors.validation_failed, { errors: [{ pointer: '/method', code: 'not_offered' }] }),
  foreign: () => new AppError(sessionErrors.forbidden_origin, { reason: 'asks for a cookie' }),
  missing: (_, methods = []) => new AppError(otpErrors.second_factor_required, { methods }),
  ended: () => new AppError(tokenErrors.token_invalid, { reason: 'the session that asked has ended' }),
};

@Injectable()
export class CodeRefusals {
  constructor(
    private readonly challenges: Challenges,
    private readonly failures: FactorFailuresStore,
    private readonly config: SecondFactorConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * @param needed for the outcome `missing`: one of these methods is needed as well.
   * @returns the error to throw.
   * @throws AppError overloaded, not_ready
   */
  async of(outcome: RefusedOutcome, challenge: ChallengeToken, needed?: readonly Method[]): Promise<AppError> {
    if (outcome === 'dead') return this.dead(challenge);
    if (outcome === 'locked') return this.locked(await this.failures.of(challenge));
    if (outcome === 'further_locked') return this.locked(await this.failures.ofAccount(challenge));
    return told[outcome](challenge, needed);
  }

  private async dead(challenge: ChallengeToken): Promise<AppError> {
    const state = await this.challenges.find(challenge);
    if (state?.phase !== 'locked') return new AppError(otpErrors.code_expired);
    return new AppError(otpErrors.challenge_locked, { retryAfterSeconds: state.expiresInSeconds });
  }

  private locked(state: FailureState | undefined): AppError {
    if (state === undefined || state.isInactive) {
      return new AppError(otpErrors.code_expired, { reason: 'account not active' });
    }
    const retryAfterSeconds = lockedForSeconds(state, this.config.LIMIT_FACTOR_ACCOUNT.windows, this.clock.now());
    return new AppError(otpErrors.second_factor_locked, { retryAfterSeconds });
  }
}
