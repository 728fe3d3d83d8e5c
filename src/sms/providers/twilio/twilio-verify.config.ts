import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvInt, EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';
import { sid } from './twilio.config';

export class TwilioVerifyConfig extends ConfigSlice {
  @EnvString(sid('AC')) TWILIO_ACCOUNT_SID?: string;
  @EnvSecret() TWILIO_AUTH_TOKEN?: Secret;
  @EnvString(sid('VA')) TWILIO_VERIFY_SERVICE_SID?: string;
  /** Twilio serves Verify from US1 only. */
  @EnvUrl({ origin: true }) TWILIO_VERIFY_BASE_URL: string = 'https://verify.twilio.com';
  /** CodeLength of the service, when known. */
  @EnvInt({ min: 4, max: 10 }) TWILIO_CODE_LENGTH?: number;

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_VERIFY_SERVICE_SID']),
      ...insecureOrigin('TWILIO_VERIFY_BASE_URL', this.TWILIO_VERIFY_BASE_URL, environment),
    ];
  }
}
