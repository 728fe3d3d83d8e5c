import { ConfigSlice } from '../../config/config-slice';
import { EnvLimit, Limit } from '../../config/limit';

export class PasswordResetConfig extends ConfigSlice {
  /** Codes to reset a password, per identifier, whether it exists or not (security.md 5.4). After those, decoys are given. */
  @EnvLimit('3/1h') LIMIT_RESET_DESTINATION!: Limit;
}
