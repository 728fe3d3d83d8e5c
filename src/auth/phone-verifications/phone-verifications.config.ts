import { ConfigSlice } from '../../config/config-slice';
import { EnvLimit, Limit } from '../../config/limit';

/** How many messages a client app may cause; exact on any number of instances. The limits of each number hold as well. */
export class PhoneVerificationsConfig extends ConfigSlice {
  @EnvLimit('500/1h') LIMIT_VERIFICATIONS_CLIENT!: Limit;
}
