import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';
import { ed25519Key } from './telnyx.config';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export class TelnyxVerifyConfig extends ConfigSlice {
  @EnvSecret() TELNYX_API_KEY?: Secret;
  /** The Verify profile: wording, sender and allowed countries are set there. */
  @EnvString({ matches: uuid, message: 'must be a UUID' }) TELNYX_VERIFY_PROFILE_ID?: string;
  /** Checks the signature of Telnyx's webhooks, from its portal; without it there are no receipts. */
  @EnvString({ matches: ed25519Key, message: 'must be base64 of 32 bytes' }) TELNYX_PUBLIC_KEY?: string;
  /** The key before, while it is being changed: webhooks under either are taken (receipts/former-keys.ts). */
  @EnvString({ matches: ed25519Key, message: 'must be base64 of 32 bytes' }) TELNYX_PUBLIC_KEY_PREVIOUS?: string;
  @EnvUrl({ origin: true }) TELNYX_BASE_URL: string = 'https://api.telnyx.com';

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['TELNYX_API_KEY', 'TELNYX_VERIFY_PROFILE_ID']),
      ...insecureOrigin('TELNYX_BASE_URL', this.TELNYX_BASE_URL, environment),
    ];
  }
}
