import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

/** A SID as Twilio prints it: two letters and 32 hexadecimal digits. */
export const sid = (prefix: string) => ({
  matches: new RegExp(`^${prefix}[0-9a-fA-F]{32}$`),
  message: `must be ${prefix} and 32 hexadecimal digits`,
});
// +E.164, a short code, or an alphanumeric sender.
const sender = /^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/;

export class TwilioConfig extends ConfigSlice {
  @EnvString(sid('AC')) TWILIO_ACCOUNT_SID?: string;
  @EnvSecret() TWILIO_AUTH_TOKEN?: Secret;
  /** The former one, which is accepted while it is being changed (receipts/former-keys.ts). */
  @EnvSecret() TWILIO_AUTH_TOKEN_PREVIOUS?: Secret;
  /** What the message comes from: a number of the account, a short code or an alphanumeric sender. */
  @EnvString({ matches: sender, message: 'must be +E.164, a short code or 1 to 11 letters and digits' })
  TWILIO_FROM?: string;
  /** Twilio picks the sender from this service's pool; goes before TWILIO_FROM. */
  @EnvString(sid('MG')) TWILIO_MESSAGING_SERVICE_SID?: string;
  @EnvUrl({ origin: true }) TWILIO_BASE_URL: string = 'https://api.twilio.com';

  override problems(environment: Environment): Problem[] {
    const problems = [
      ...missingKeys(this, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN']),
      ...insecureOrigin('TWILIO_BASE_URL', this.TWILIO_BASE_URL, environment),
    ];
    if (this.TWILIO_FROM === undefined && this.TWILIO_MESSAGING_SERVICE_SID === undefined) {
      problems.push({ key: 'TWILIO_FROM', reason: 'is required unless TWILIO_MESSAGING_SERVICE_SID is set' });
    }
    return problems;
  }
}
