import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export class TelnyxVerifyConfig extends ConfigSlice {
  @EnvSecret() TELNYX_API_KEY?: Secret;
  /** The Verify profile: wording, sender and allowed countries are set there. */
  @EnvString({ matches: uuid, message: 'must be a UUID' }) TELNYX_VERIFY_PROFILE_ID?: string;
  @EnvUrl({ origin: true }) TELNYX_BASE_URL: string = 'https://api.telnyx.com';

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['TELNYX_API_KEY', 'TELNYX_VERIFY_PROFILE_ID']),
      ...insecureOrigin('TELNYX_BASE_URL', this.TELNYX_BASE_URL, environment),
    ];
  }
}
