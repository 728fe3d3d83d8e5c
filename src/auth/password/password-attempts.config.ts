import { ConfigSlice } from '../../config/config-slice';
import { EnvLimit, Limit } from '../../config/limit';

/** Limits wrong passwords per identifier, whether it exists or not, and apart from it in the sessions of an account (security.md 5.4, ADR 16). */
export class PasswordAttemptsConfig extends ConfigSlice {
  /** 5/15m: after five free attempts there are delays of 1, 2, 4 .. s, up to 15 minutes. During a delay no password is checked. */
  @EnvLimit('5/15m') LIMIT_PASSWORD_ACCOUNT!: Limit;
}
