import { ConfigSlice } from '../../config/config-slice';
import { EnvLimit, Limit } from '../../config/limit';

/** Wrong passwords per identifier, whether or not it exists (security.md 5.4). */
export class PasswordAttemptsConfig extends ConfigSlice {
  /** 5/15m: five free, then a delay of 1, 2, 4 .. s up to 15 minutes, during which nothing is evaluated. */
  @EnvLimit('5/15m') LIMIT_PASSWORD_ACCOUNT!: Limit;
}
