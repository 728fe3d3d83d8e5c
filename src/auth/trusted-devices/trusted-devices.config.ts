import { ConfigSlice } from '../../config/config-slice';
import { EnvInt } from '../../config/fields';

export class TrustedDevicesConfig extends ConfigSlice {
  /** Days after its code in which a device needs only the password (security.md 5.2). Using it does not extend them. 0: no device is trusted. */
  @EnvInt({ min: 0, max: 60 }) TRUSTED_DEVICE_DAYS: number = 30;

  get seconds(): number {
    return this.TRUSTED_DEVICE_DAYS * 86_400;
  }
}
