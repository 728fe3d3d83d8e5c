import { ConfigSlice } from '../../config/config-slice';
import { EnvLimit, Limit } from '../../config/limit';

/**
 * How many phone verifications a client app may begin, each of which has up to OTP_MAX_SENDS messages; exact on any number of instances. The
 * limits of each number and of each message hold as well.
 */
export class PhoneVerificationsConfig extends ConfigSlice {
  @EnvLimit('500/1h') LIMIT_VERIFICATIONS_CLIENT!: Limit;
}
