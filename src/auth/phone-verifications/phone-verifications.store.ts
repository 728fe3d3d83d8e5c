// Runs the check and its confirmation. An error of the check rolls its count back, so the attempt is then counted on another
// connection, and the answer is the same 503 for right and wrong codes (protocol.md 1.9).
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Challenges } from '../../otp/challenges.service';
import type { ChallengeToken } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import { confirmed } from '../second-factor/confirmed';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import {
  type CheckParameters,
  type CheckRow,
  checkVerification,
  type ConfirmCheckParameters,
  confirmVerification,
  verificationFailures,
} from './phone-verifications.sql';

@Injectable()
export class PhoneVerificationsStore {
  private readonly logger = new Logger('phone-verifications');
  private readonly statement;

  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    config: SecondFactorConfig,
  ) {
    this.statement = checkVerification(config.LIMIT_FACTOR_ACCOUNT.windows);
  }

  /** @returns undefined for a challenge this client app does not have. @throws AppError overloaded or not_ready; the attempt is counted all the same */
  async check(challenge: ChallengeToken, parameters: CheckParameters): Promise<CheckRow | undefined> {
    try {
      const [row] = await this.database.run<CheckRow>(...this.statement.with(parameters));
      return row;
    } catch (error) {
      await this.countOnly(challenge, parameters.now);
      if (error instanceof AppError) throw error;
      throw new AppError(platformErrors.overloaded, { reason: 'check failed', cause: error, retryAfterSeconds: 1 });
    }
  }

  /** @returns whether the challenge was still open when the vendor's yes came */
  async confirm(parameters: ConfirmCheckParameters): Promise<boolean> {
    const rows = await confirmed(() => this.database.run(...confirmVerification.with(parameters)));
    return rows.length > 0;
  }

  /** Newest first. */
  async failures({ digest }: ChallengeToken): Promise<readonly Date[]> {
    const [row] = await this.database.run<{ fails: Date[] }>(verificationFailures, [digest]);
    return row?.fails ?? [];
  }

  private async countOnly(challenge: ChallengeToken, now: string): Promise<void> {
    try {
      await this.challenges.countFailedAttempt(challenge, now);
    } catch (error) {
      this.logger.error({ msg: 'an attempt could not be counted', err: error as Error });
    }
  }
}
