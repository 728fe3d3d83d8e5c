// Runs the verify and confirm statements. Lists them all, by purpose and method.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import type { NamedStatement } from '../../database/sql';
import { type ChallengeToken, isAnonymous, type Method, type Purpose } from '../../otp/otp.types';
import { FactorFailuresStore } from './factor-failures.store';
import type { SecondFactorMethod } from './method';
import { SecondFactorMethods } from './methods.service';
import { SecondFactorConfig } from './second-factor.config';
import { confirmAccount, verifyAccount } from './verify-account.sql';
import { confirmAnonymous, verifyAnonymous } from './verify-anonymous.sql';
import { refusalOfAccount } from './verify-refusal.sql';
import { provesAddress } from './verify-email-change.sql';
import { signsIn } from './verify-login.sql';
import { movesNumber } from './verify-phone-change.sql';
import { makesAccount } from './verify-registration.sql';
import { confirmReset, verifyReset } from './verify-reset.sql';
import { renewsSession } from './verify-step-up.sql';
import type { ConfirmParameters, VerifyParameters, VerifyRow } from './verify.types';
import { writeConfirmation } from './write-confirmation';

/** When two accounts take one number or address at the same moment, the second runs into one of these indexes. */
const taken = ['users_phone_key', 'users_verified_email_key'];

type Bound = ReturnType<NamedStatement<object>['with']>;
type Statements = Readonly<Partial<Record<Method, NamedStatement<VerifyParameters>>>>;

@Injectable()
export class VerifyStore {
  private readonly statements: Readonly<Partial<Record<Purpose, Statements>>>;
  /** By method, for known accounts. For anonymous challenges the verify statement itself says why it refused. */
  private readonly refusals: Statements;
  private readonly confirmations: Readonly<Partial<Record<Purpose, NamedStatement<ConfirmParameters>>>>;

  constructor(
    private readonly database: Database,
    private readonly failures: FactorFailuresStore,
    config: SecondFactorConfig,
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
    this.confirmations = {
      login: confirmAccount('confirm_login', signsIn),
      step_up: confirmAccount('confirm_step_up', renewsSession),
      phone_change: confirmAccount('confirm_phone_change', movesNumber),
      register: confirmAnonymous('confirm_registration', makesAccount),
      reset: confirmReset(windows),
    };
  }

  /** Whether challenges of this purpose take this method, whatever the account has. */
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
    parameters: VerifyParameters,
  ): Promise<VerifyRow | undefined> {
    const statement = this.statements[challenge.purpose]?.[method];
    if (statement === undefined) throw new Error(`${challenge.purpose} takes no ${method}`);
    const row = await this.failures.runOrCount(challenge, parameters.now, () => this.run(statement.with(parameters)));
    const refusal = row !== undefined || isAnonymous(challenge.purpose) ? undefined : this.refusals[method];
    return refusal === undefined ? row : this.run(refusal.with(parameters));
  }

  /** @returns undefined when the challenge has changed meanwhile, so that the vendor's yes came too late */
  async confirm(challenge: ChallengeToken, parameters: ConfirmParameters): Promise<VerifyRow | undefined> {
    const statement = this.confirmations[challenge.purpose];
    if (statement === undefined) throw new Error(`no vendor checks codes of ${challenge.purpose}`);
    const bound = statement.with(parameters);
    return writeConfirmation(() => this.run(bound));
  }

  // When an index has refused the statement, a second run sees the account that has the number or address.
  private async run(bound: Bound): Promise<VerifyRow | undefined> {
    try {
      return (await this.database.run<VerifyRow>(...bound))[0];
    } catch (error) {
      if (!taken.includes(String((error as { constraint?: unknown }).constraint))) throw error;
      return (await this.database.run<VerifyRow>(...bound))[0];
    }
  }
}
