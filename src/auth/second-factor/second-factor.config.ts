import { ConfigSlice } from '../../config/config-slice';
import { EnvLimit, Limit } from '../../config/limit';

/** Limits wrong codes per account, over all its challenges, and per number for anonymous ones (security.md 5.4, N OBV-7). */
export class SecondFactorConfig extends ConfigSlice {
  /** `off` lifts these windows, but neither the attempts of one challenge nor the hundred failures in a row. */
  @EnvLimit('10/1h,20/1d') LIMIT_FACTOR_ACCOUNT!: Limit;
}
