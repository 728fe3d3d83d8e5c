// Failures of second factors, counted per account, or per number for an anonymous challenge. The statement that judges a code counts its
// failure itself. This file reads them, and counts one when such a statement fails.
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { type Statement, statement } from '../../database/sql';
import { memoryOf } from '../../limits/limits.sql';
import { Challenges } from '../../otp/challenges.service';
import { type ChallengeToken, isAnonymous } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { SecondFactorConfig } from './second-factor.config';

export interface FailureState {
  readonly isInactive: boolean;
  /** Newest first. */
  readonly fails: Date[];
  readonly consecutive: number;
}

const accountFailures = statement(
  'verify_account_failures',
  `SELECT u.status <> 'active' AS "isInactive", u.second_factor_fails AS fails, u.second_factor_consecutive AS consecutive
     FROM otp_attempts k JOIN users u ON u.id = k.subject_id WHERE k.token_digest = $1`,
);
const anonymousFailures = statement(
  'verify_anonymous_failures',
  `SELECT false AS "isInactive", b.fails, 0 AS consecutive FROM otp_attempts k JOIN failure_budgets b ON b.key = k.budget_key WHERE k.token_digest = $1`,
);
const countAccountFailure = statement(
  'verify_count_account_failure',
  `UPDATE users u SET second_factor_fails = ($2::timestamptz || u.second_factor_fails)[1:$3::int], second_factor_consecutive = u.second_factor_consecutive + 1
     FROM otp_attempts k WHERE k.token_digest = $1 AND u.id = k.subject_id AND k.purpose IN ('login', 'step_up', 'phone_change', 'email_change')`,
);

@Injectable()
export class FactorFailuresStore {
  private readonly logger = new Logger('second-factor');

  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly config: SecondFactorConfig,
  ) {}

  /** The failures that decide whether this challenge may be answered: its account's, or its number's for an anonymous one. */
  of(challenge: ChallengeToken): Promise<FailureState | undefined> {
    return this.read(isAnonymous(challenge.purpose) ? anonymousFailures : accountFailures, challenge);
  }

  /** The failures that decide whether the second factor of the challenge's account is looked at. */
  ofAccount(challenge: ChallengeToken): Promise<FailureState | undefined> {
    return this.read(accountFailures, challenge);
  }

  /**
   * Runs a statement that counts an attempt and judges a code. An error would undo the count. So the attempt is then counted on another
   * connection, and right and wrong codes get the same 503 (protocol.md 1.9).
   * @param now the attempt's instant, by which it can be told from all other failures
   * @throws AppError overloaded or not_ready; the attempt is counted all the same
   */
  async runOrCount<T>(challenge: ChallengeToken, now: string, verify: () => Promise<T>): Promise<T> {
    try {
      return await verify();
    } catch (error) {
      await this.count(challenge, now);
      if (error instanceof AppError) throw error;
      throw new AppError(platformErrors.overloaded, { reason: 'verify failed', cause: error, retryAfterSeconds: 1 });
    }
  }

  private async read(from: Statement, { digest }: ChallengeToken): Promise<FailureState | undefined> {
    const [row] = await this.database.run<FailureState>(from, [digest]);
    return row;
  }

  // First the challenge, in a statement of its own, so that a locked account does not keep it from counting. Then the account, but only if
  // the challenge still took the guess. Otherwise a burst of refused requests would lock the owner's second factor (A02).
  private async count(challenge: ChallengeToken, now: string): Promise<void> {
    const memory = memoryOf(this.config.LIMIT_FACTOR_ACCOUNT.windows);
    try {
      const isCounted = await this.challenges.countFailedAttempt(challenge, now);
      if (!isCounted || isAnonymous(challenge.purpose)) return;
      await this.database.run(countAccountFailure, [challenge.digest, now, memory]);
    } catch (error) {
      this.logger.error({ msg: 'an attempt could not be counted', err: error as Error });
    }
  }
}
