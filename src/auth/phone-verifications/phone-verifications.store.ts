// Runs the check of a code that a client app presents, and its confirmation.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import type { ChallengeToken } from '../../otp/otp.types';
import { FactorFailuresStore } from '../second-factor/factor-failures.store';
import { SecondFactorConfig } from '../second-factor/second-factor.config';
import { writeConfirmation } from '../second-factor/write-confirmation';
import {
  type CheckParameters,
  type CheckRow,
  checkVerification,
  type ConfirmCheckParameters,
  confirmVerification,
} from './phone-verifications.sql';

@Injectable()
export class PhoneVerificationsStore {
  private readonly statement;

  constructor(
    private readonly database: Database,
    private readonly failures: FactorFailuresStore,
    config: SecondFactorConfig,
  ) {
    this.statement = checkVerification(config.LIMIT_FACTOR_ACCOUNT.windows);
  }

  /** @returns undefined when this client app has no such challenge. @throws AppError overloaded or not_ready; the attempt is counted all the same */
  async check(challenge: ChallengeToken, parameters: CheckParameters): Promise<CheckRow | undefined> {
    const bound = this.statement.with(parameters);
    const verify = () => this.database.run<CheckRow>(...bound);
    const [row] = await this.failures.runOrCount(challenge, parameters.now, verify);
    return row;
  }

  /** @returns whether the challenge was still open */
  async confirm(parameters: ConfirmCheckParameters): Promise<boolean> {
    const rows = await writeConfirmation(() => this.database.run(...confirmVerification.with(parameters)));
    return rows.length > 0;
  }
}
