import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

// A number, a short code, or an alphanumeric sender.
const sender = /^(\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/;

export class InfobipConfig extends ConfigSlice {
  @EnvSecret() INFOBIP_API_KEY?: Secret;
  /** The account's own host, https://<subdomain>.api.infobip.com: there is no default. */
  @EnvUrl({ origin: true }) INFOBIP_BASE_URL?: string;
  /** What the message comes from. */
  @EnvString({ matches: sender, message: 'must be a number, a short code or 1 to 11 letters and digits' })
  INFOBIP_FROM?: string;
  /** HMAC_SHA_256 secret of the subscription that posts reports; without it, and without a password, there are no receipts. */
  @EnvSecret() INFOBIP_WEBHOOK_SECRET?: Secret;
  /** The former one, which is accepted while it is being changed (receipts/former-keys.ts). */
  @EnvSecret() INFOBIP_WEBHOOK_SECRET_PREVIOUS?: Secret;
  /** Which header carries that signature: Infobip's documents do not name it. */
  @EnvString({ matches: /^[a-z0-9-]{1,64}$/i, message: 'must be the name of a header' })
  INFOBIP_WEBHOOK_HEADER: string = 'x-infobip-signature';
  /** Basic credentials of the subscription, `user:password`, instead of a secret: they prove the caller and not the body. */
  @EnvSecret() INFOBIP_WEBHOOK_CREDENTIALS?: Secret;
  /** The former one, which is accepted while it is being changed (receipts/former-keys.ts). */
  @EnvSecret() INFOBIP_WEBHOOK_CREDENTIALS_PREVIOUS?: Secret;

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['INFOBIP_API_KEY', 'INFOBIP_BASE_URL', 'INFOBIP_FROM']),
      ...insecureOrigin('INFOBIP_BASE_URL', this.INFOBIP_BASE_URL, environment),
    ];
  }
}
