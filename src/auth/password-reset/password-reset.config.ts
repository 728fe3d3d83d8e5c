import { ConfigSlice, Environment, Problem } from '../../config/config-slice';
import { defaultLimit, EnvLimit, Limit, limitsOff } from '../../config/limit';

export class PasswordResetConfig extends ConfigSlice {
  /** Codes to reset a password per identifier, whether or not it exists (security.md 5.4); beyond, decoys. */
  @EnvLimit() LIMIT_RESET_DESTINATION!: Limit;

  override applyDefaults(environment: Environment): void {
    this.LIMIT_RESET_DESTINATION ??= defaultLimit('3/1h', environment);
  }

  override problems(environment: Environment): Problem[] {
    return limitsOff(this, environment);
  }
}
