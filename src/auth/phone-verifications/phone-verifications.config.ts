import { ConfigSlice, type Environment, type Problem } from '../../config/config-slice';
import { defaultLimit, EnvLimit, Limit, limitsOff } from '../../config/limit';

/** What one client app may have sent to phones; exact on any number of instances. The limits per number hold as well. */
export class PhoneVerificationsConfig extends ConfigSlice {
  @EnvLimit() LIMIT_VERIFICATIONS_CLIENT!: Limit;

  override applyDefaults(environment: Environment): void {
    this.LIMIT_VERIFICATIONS_CLIENT ??= defaultLimit('500/1h', environment);
  }

  override problems(environment: Environment): Problem[] {
    return limitsOff(this, environment);
  }
}
