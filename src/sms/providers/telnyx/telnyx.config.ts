import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const ed25519Key = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
// +E.164, a short code, or an alphanumeric sender.
const numeric = /^(\+[1-9]\d{6,14}|\d{3,8})$/;
const sender = /^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/;

export class TelnyxConfig extends ConfigSlice {
  @EnvSecret() TELNYX_API_KEY?: Secret;
  /** What the message comes from: a number of the account, a short code or an alphanumeric sender. */
  @EnvString({ matches: sender, message: 'must be +E.164, a short code or 1 to 11 letters and digits' })
  TELNYX_PHONE_NUMBER?: string;
  /** Needed with an alphanumeric sender, which Telnyx refuses without one, message by message. */
  @EnvString({ matches: uuid, message: 'must be a UUID' }) TELNYX_MESSAGING_PROFILE_ID?: string;
  /** Checks the signature of Telnyx's webhooks, from its portal; without it there are no receipts. */
  @EnvString({ matches: ed25519Key, message: 'must be base64 of 32 bytes' }) TELNYX_PUBLIC_KEY?: string;
  /** The key before, while it is being changed: webhooks under either are taken (receipts/former-keys.ts). */
  @EnvString({ matches: ed25519Key, message: 'must be base64 of 32 bytes' }) TELNYX_PUBLIC_KEY_PREVIOUS?: string;
  @EnvUrl({ origin: true }) TELNYX_BASE_URL: string = 'https://api.telnyx.com';

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['TELNYX_API_KEY', 'TELNYX_PHONE_NUMBER']),
      ...this.missingProfile(),
      ...insecureOrigin('TELNYX_BASE_URL', this.TELNYX_BASE_URL, environment),
    ];
  }

  private missingProfile(): Problem[] {
    const { TELNYX_PHONE_NUMBER: from, TELNYX_MESSAGING_PROFILE_ID: profile } = this;
    if (from === undefined || numeric.test(from) || profile !== undefined) return [];
    return [{ key: 'TELNYX_MESSAGING_PROFILE_ID', reason: 'is required when TELNYX_PHONE_NUMBER is a name' }];
  }
}
