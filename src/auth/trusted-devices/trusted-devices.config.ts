import { ConfigSlice } from '../../config/config-slice';
import { EnvInt } from '../../config/fields';

export class TrustedDevicesConfig extends ConfigSlice {
  /** For so long after its code a device needs the password only (security.md 5.2); its use does not extend it. 0: none is trusted. */
  @EnvInt({ min: 0, max: 60 }) TRUSTED_DEVICE_DAYS: number = 30;

  get seconds(): number {
    return this.TRUSTED_DEVICE_DAYS * 86_400;
  }
}
