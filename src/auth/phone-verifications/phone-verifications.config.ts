import { ConfigSlice } from '../../config/config-slice';
import { EnvLimit, Limit } from '../../config/limit';

/** What one client app may have sent to phones; exact on any number of instances. The limits per number hold as well. */
export class PhoneVerificationsConfig extends ConfigSlice {
  @EnvLimit('500/1h') LIMIT_VERIFICATIONS_CLIENT!: Limit;
}
