import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvChoice, EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

const plan = { matches: /^[A-Za-z0-9_-]{1,64}$/, message: 'must be 1 to 64 letters and digits' };
// +E.164 or bare digits, a short code, or an alphanumeric sender.
const sender = /^(\+?[1-9]\d{2,14}|[A-Za-z0-9 ]{1,11})$/;

export class SinchConfig extends ConfigSlice {
  @EnvString(plan) SINCH_SERVICE_PLAN_ID?: string;
  @EnvSecret() SINCH_API_TOKEN?: Secret;
  /** What the message comes from. */
  @EnvString({ matches: sender, message: 'must be a number, a short code or 1 to 11 letters and digits' })
  SINCH_FROM?: string;
  /** Checks the signature of Sinch's callbacks, set for the service plan; without it there are no receipts. */
  @EnvSecret() SINCH_WEBHOOK_SECRET?: Secret;
  /** The former one, which is accepted while it is being changed (receipts/former-keys.ts). */
  @EnvSecret() SINCH_WEBHOOK_SECRET_PREVIOUS?: Secret;
  /** Where the service plan lives. */
  @EnvChoice('us', 'eu', 'br', 'ca', 'au') SINCH_REGION: string = 'us';
  @EnvUrl({ origin: true }) SINCH_SMS_BASE_URL?: string;

  override applyDefaults(): void {
    this.SINCH_SMS_BASE_URL ??= `https://${this.SINCH_REGION}.sms.api.sinch.com`;
  }

  override problems(environment: Environment): Problem[] {
    return [
      ...missingKeys(this, ['SINCH_SERVICE_PLAN_ID', 'SINCH_API_TOKEN', 'SINCH_FROM']),
      ...insecureOrigin('SINCH_SMS_BASE_URL', this.SINCH_SMS_BASE_URL, environment),
    ];
  }
}
