// Failures of second factors, per account, or per number for an anonymous challenge. The statements that judge a code count its failure
// themselves; here they are read, and one more is counted when such a statement fails.
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { type Statement, statement } from '../../database/sql';
import { Challenges } from '../../otp/challenges.service';
import { type ChallengeToken, isAnonymous } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { SecondFactorConfig } from './second-factor.config';

export interface FailureState {
  readonly disabled: boolean;
  /** Newest first. */
  readonly fails: Date[];
  readonly consecutive: number;
}

const accountFailures = statement(
  'verify_account_failures',
  `SELECT u.status <> 'active' AS disabled, u.second_factor_fails AS fails, u.second_factor_consecutive AS consecutive
     FROM otp_attempts k JOIN users u ON u.id = k.subject_id WHERE k.token_digest = $1`,
);
const anonymousFailures = statement(
  'verify_anonymous_failures',
  `SELECT false AS disabled, b.fails, 0 AS consecutive FROM otp_attempts k JOIN failure_budgets b ON b.key = k.budget_key WHERE k.token_digest = $1`,
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

  /** The failures that may keep a challenge from being answered: those of its account, or of an anonymous one's number. */
  of(challenge: ChallengeToken): Promise<FailureState | undefined> {
    return this.read(isAnonymous(challenge.purpose) ? anonymousFailures : accountFailures, challenge);
  }

  /** The failures that may keep the second factor of its account from being looked at. */
  ofAccount(challenge: ChallengeToken): Promise<FailureState | undefined> {
    return this.read(accountFailures, challenge);
  }

  /**
   * Runs a statement that counts an attempt and judges a code. An error rolls the count back: then the attempt is counted on another
   * connection, and right and wrong codes get the same 503 (protocol.md 1.9).
   * @param now names this attempt among all failures
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

  // The challenge first, on its own: a lock on the account must not keep it from counting. The account only for a guess that the
  // challenge still took, or a burst of refused requests would disable the factor of its owner (A02).
  private async count(challenge: ChallengeToken, now: string): Promise<void> {
    const memory = Math.max(1, this.config.LIMIT_FACTOR_ACCOUNT.memory);
    try {
      const isCounted = await this.challenges.countFailedAttempt(challenge, now);
      if (!isCounted || isAnonymous(challenge.purpose)) return;
      await this.database.run(countAccountFailure, [challenge.digest, now, memory]);
    } catch (error) {
      this.logger.error({ msg: 'an attempt could not be counted', err: error as Error });
    }
  }
}
