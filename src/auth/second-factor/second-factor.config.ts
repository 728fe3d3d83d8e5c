import { ConfigSlice, Environment, Problem } from '../../config/config-slice';
import { defaultLimit, EnvLimit, Limit, limitsOff } from '../../config/limit';

/** Wrong codes per account over all its challenges, and per number for anonymous ones (security.md 5.4, N OBV-7). */
export class SecondFactorConfig extends ConfigSlice {
  /** `off` lifts these windows, never the attempts of one challenge nor the hundred in a row. */
  @EnvLimit() LIMIT_FACTOR_ACCOUNT!: Limit;

  override applyDefaults(environment: Environment): void {
    this.LIMIT_FACTOR_ACCOUNT ??= defaultLimit('10/1h,20/1d', environment);
  }

  override problems(environment: Environment): Problem[] {
    return limitsOff(this, environment);
  }
}
