import { ConfigSlice, Environment, Problem } from '../../config/config-slice';
import { defaultLimit, EnvLimit, Limit, limitsOff } from '../../config/limit';

/** Wrong passwords per identifier, whether or not it exists (security.md 5.4). */
export class PasswordAttemptsConfig extends ConfigSlice {
  /** 5/15m: five free, then a delay of 1, 2, 4 .. s up to 15 minutes, during which nothing is evaluated. */
  @EnvLimit() LIMIT_PASSWORD_ACCOUNT!: Limit;

  override applyDefaults(environment: Environment): void {
    this.LIMIT_PASSWORD_ACCOUNT ??= defaultLimit('5/15m', environment);
  }

  override problems(environment: Environment): Problem[] {
    return limitsOff(this, environment);
  }
}
