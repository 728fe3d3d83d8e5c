// Runs the verify and confirm statements, by purpose and method. An error of a verify statement rolls its count back, so the attempt is
// then counted on another connection, and the answer is the same 503 for right and wrong codes (protocol.md 1.9).
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { type NamedStatement, type Statement, statement } from '../../database/sql';
import { Challenges } from '../../otp/challenges.service';
import { confirmed } from './confirmed';
import { SecondFactorConfig } from './second-factor.config';
import { type ChallengeToken, isAnonymous, type Method, type Purpose } from '../../otp/otp.types';
import { AppError } from '../../platform/errors/app-error';
import { platformErrors } from '../../platform/errors/platform.errors';
import type { SecondFactorMethod } from './method';
import { SecondFactorMethods } from './methods.service';
import { confirmAccount, verifyAccount } from './verify-account.sql';
import { confirmAnonymous, verifyAnonymous } from './verify-anonymous.sql';
import { refusalOfAccount } from './verify-refusal.sql';
import { provesAddress } from './verify-email-change.sql';
import { signsIn } from './verify-login.sql';
import { movesNumber } from './verify-phone-change.sql';
import { makesAccount } from './verify-registration.sql';
import { confirmReset, verifyReset } from './verify-reset.sql';
import { renewsSession } from './verify-step-up.sql';
import type { ConfirmRegistrationParameters, VerifyRegistrationParameters, VerifyRow } from './verify.types';

export interface FailureState {
  readonly disabled: boolean;
  readonly fails: Date[];
  readonly consecutive: number;
}

const accountFailures = statement(
  'verify_account_failures',
  `SELECT u.status <> 'active' AS disabled, u.second_factor_fails AS fails, u.second_factor_consecutive AS consecutive
     FROM otp_attempts k JOIN users u ON u.id = k.subject_id WHERE k.token_digest = $1`,
);
const anonymousFailures = statement(
  'verify_registration_failures',
  `SELECT false AS disabled, b.fails, 0 AS consecutive FROM otp_attempts k JOIN failure_budgets b ON b.key = k.budget_key WHERE k.token_digest = $1`,
);
const countAccountFailure = statement(
  'verify_count_account_failure',
  `UPDATE users u SET second_factor_fails = ($2::timestamptz || u.second_factor_fails)[1:$3::int], second_factor_consecutive = u.second_factor_consecutive + 1
     FROM otp_attempts k WHERE k.token_digest = $1 AND u.id = k.subject_id AND k.purpose IN ('login', 'step_up', 'phone_change', 'email_change')`,
);

const confirmations: Readonly<Partial<Record<Purpose, NamedStatement<ConfirmRegistrationParameters>>>> = {
  login: confirmAccount('confirm_login', signsIn),
  step_up: confirmAccount('confirm_step_up', renewsSession),
  register: confirmAnonymous('confirm_registration', makesAccount),
  phone_change: confirmAccount('confirm_phone_change', movesNumber),
};

/** Two accounts may take one number or one address at the same moment: the second runs into the index. */
const taken = ['users_phone_key', 'users_verified_email_key'];

type Bound = ReturnType<NamedStatement<object>['with']>;
type Statements = Readonly<Partial<Record<Method, NamedStatement<VerifyRegistrationParameters>>>>;

@Injectable()
export class VerifyStore {
  private readonly logger = new Logger('second-factor');
  private readonly statements: Readonly<Partial<Record<Purpose, Statements>>>;
  private readonly confirmations: typeof confirmations;
  /** By method; of anonymous challenges the statement itself says it. */
  private readonly refusals: Statements;

  constructor(
    private readonly database: Database,
    private readonly challenges: Challenges,
    private readonly config: SecondFactorConfig,
    { sms, email, totp, recovery_code }: SecondFactorMethods,
  ) {
    const { windows } = config.LIMIT_FACTOR_ACCOUNT;
    const login = (name: string, { proof }: SecondFactorMethod) => verifyAccount(name, windows, signsIn, proof);
    const stepUp = (name: string, { proof }: SecondFactorMethod) => verifyAccount(name, windows, renewsSession, proof);
    this.statements = {
      login: {
        sms: login('verify_login', sms),
        email: login('verify_login_email', email),
        totp: login('verify_login_totp', totp),
        recovery_code: login('verify_login_recovery_code', recovery_code),
      },
      step_up: {
        sms: stepUp('verify_step_up', sms),
        email: stepUp('verify_step_up_email', email),
        totp: stepUp('verify_step_up_totp', totp),
      },
      phone_change: { sms: verifyAccount('verify_phone_change', windows, movesNumber, sms.proof) },
      email_change: { email: verifyAccount('verify_email_change', windows, provesAddress, email.proof) },
      register: { sms: verifyAnonymous('verify_registration', windows, makesAccount) },
      reset: { sms: verifyReset(windows) },
    };
    const refusal = ({ proof }: SecondFactorMethod) => refusalOfAccount(windows, proof);
    this.refusals = {
      sms: refusal(sms),
      email: refusal(email),
      totp: refusal(totp),
      recovery_code: refusal(recovery_code),
    };
    this.confirmations = { ...confirmations, reset: confirmReset(windows) };
  }

  /** Whether a challenge of this purpose can be answered so, whatever the account has. */
  takes(purpose: Purpose, method: Method): boolean {
    return this.statements[purpose]?.[method] !== undefined;
  }

  /**
   * @returns undefined for an unknown challenge
   * @throws AppError overloaded or not_ready; the attempt is counted all the same
   * @throws Error for a method that this purpose does not take
   */
  async verify(
    challenge: ChallengeToken,
    method: Method,
    parameters: VerifyRegistrationParameters,
  ): Promise<VerifyRow | undefined> {
    const statement = this.statements[challenge.purpose]?.[method];
    if (statement === undefined) throw new Error(`${challenge.purpose} takes no ${method}`);
    const row = await this.runOrCount(challenge, parameters.now, statement.with(parameters));
    const refusal = row !== undefined || isAnonymous(challenge.purpose) ? undefined : this.refusals[method];
    return refusal === undefined ? row : this.run(refusal.with(parameters));
  }

  private async runOrCount(challenge: ChallengeToken, now: string, bound: Bound): Promise<VerifyRow | undefined> {
    try {
      return await this.run(bound);
    } catch (error) {
      await this.countOnly(challenge, now);
      if (error instanceof AppError) throw error;
      throw new AppError(platformErrors.overloaded, { reason: 'verify failed', cause: error, retryAfterSeconds: 1 });
    }
  }

  /** @returns undefined when the challenge changed meanwhile: the vendor's yes came too late */
  async confirm(challenge: ChallengeToken, parameters: ConfirmRegistrationParameters): Promise<VerifyRow | undefined> {
    const statement = this.confirmations[challenge.purpose];
    if (statement === undefined) throw new Error(`no vendor checks codes of ${challenge.purpose}`);
    const bound = statement.with(parameters);
    return confirmed(() => this.run(bound));
  }

  // Run again after the index has refused it, a statement sees who has the number or address.
  private async run(bound: Bound): Promise<VerifyRow | undefined> {
    try {
      return (await this.database.run<VerifyRow>(...bound))[0];
    } catch (error) {
      if (!taken.includes(String((error as { constraint?: unknown }).constraint))) throw error;
      return (await this.database.run<VerifyRow>(...bound))[0];
    }
  }

  /** What may keep a challenge from being answered: failures of its account, or of the number that an anonymous one is about. */
  failures(challenge: ChallengeToken): Promise<FailureState | undefined> {
    return this.failuresFrom(isAnonymous(challenge.purpose) ? anonymousFailures : accountFailures, challenge);
  }

  /** What keeps the second factor of its account from being looked at. */
  failuresOfAccount(challenge: ChallengeToken): Promise<FailureState | undefined> {
    return this.failuresFrom(accountFailures, challenge);
  }

  private async failuresFrom(from: Statement, { digest }: ChallengeToken): Promise<FailureState | undefined> {
    const [row] = await this.database.run<FailureState>(from, [digest]);
    return row;
  }

  // The challenge first, on its own: a lock on the account must not keep it from counting. The account only for a guess that the
  // challenge still took, or a burst of refused requests would disable the factor of its owner (A02).
  private async countOnly(challenge: ChallengeToken, now: string): Promise<void> {
    const memory = Math.max(1, this.config.LIMIT_FACTOR_ACCOUNT.memory);
    try {
      if (await this.challenges.countFailedAttempt(challenge, now)) {
        await this.database.run(countAccountFailure, [challenge.digest, now, memory]);
      }
    } catch (error) {
      this.logger.error({ msg: 'an attempt could not be counted', err: error as Error });
    }
  }
}
