import { ConfigSlice, type Environment, type Problem } from '../../../../src/config/config-slice';
import { EnvSecret, EnvUrl } from '../../../../src/config/fields';
import type { Secret } from '../../../../src/config/secret';
import { insecureOrigin, missingKeys } from '../../../../src/sms/contract/vendor-config';

export class CarrierPigeonConfig extends ConfigSlice {
  @EnvSecret() PIGEON_RING?: Secret;
  @EnvUrl({ origin: true }) PIGEON_BASE_URL: string = 'https://loft.example.com';

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['PIGEON_RING']),
      ...insecureOrigin('PIGEON_BASE_URL', this.PIGEON_BASE_URL, environment),
    ];
  }
}
