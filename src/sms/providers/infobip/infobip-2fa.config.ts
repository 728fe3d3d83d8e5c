import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvInt, EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

const id = { matches: /^[A-Za-z0-9_-]{1,64}$/, message: 'must be 1 to 64 letters and digits' };

export class Infobip2faConfig extends ConfigSlice {
  @EnvSecret() INFOBIP_API_KEY?: Secret;
  /** The account's own host, https://<subdomain>.api.infobip.com: there is no default. */
  @EnvUrl({ origin: true }) INFOBIP_BASE_URL?: string;
  @EnvString(id) INFOBIP_2FA_APP_ID?: string;
  @EnvString(id) INFOBIP_2FA_MSG_ID?: string;
  /** `pinLength` of the message template, when known. */
  @EnvInt({ min: 4, max: 10 }) INFOBIP_CODE_LENGTH?: number;

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['INFOBIP_API_KEY', 'INFOBIP_BASE_URL', 'INFOBIP_2FA_APP_ID', 'INFOBIP_2FA_MSG_ID']),
      ...insecureOrigin('INFOBIP_BASE_URL', this.INFOBIP_BASE_URL, environment),
    ];
  }
}
