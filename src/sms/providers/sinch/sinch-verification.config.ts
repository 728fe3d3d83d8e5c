import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvInt, EnvSecret, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

export class SinchVerificationConfig extends ConfigSlice {
  @EnvSecret() SINCH_APPLICATION_KEY?: Secret;
  /** Base64, as the dashboard shows it: requests are signed under its decoded bytes. */
  @EnvSecret() SINCH_APPLICATION_SECRET?: Secret;
  /** The former one, which is accepted while it is being changed (receipts/former-keys.ts). */
  @EnvSecret() SINCH_APPLICATION_SECRET_PREVIOUS?: Secret;
  @EnvUrl({ origin: true }) SINCH_VERIFICATION_BASE_URL: string = 'https://verification.api.sinch.com';
  /** Digits of Sinch's code, when known: Sinch states no default. */
  @EnvInt({ min: 4, max: 10 }) SINCH_CODE_LENGTH?: number;

  override problems(environment: Environment): Problem[] {
    const problems = [
      ...missingKeys(this, ['SINCH_APPLICATION_KEY', 'SINCH_APPLICATION_SECRET']),
      ...insecureOrigin('SINCH_VERIFICATION_BASE_URL', this.SINCH_VERIFICATION_BASE_URL, environment),
    ];
    const secrets = ['SINCH_APPLICATION_SECRET', 'SINCH_APPLICATION_SECRET_PREVIOUS'] as const;
    const wrong = secrets.filter((key) => this[key] !== undefined && !isBase64(this[key].reveal()));
    return [...problems, ...wrong.map((key) => ({ key, reason: 'must be base64' }))];
  }
}

/** Of at least a few bytes: what decodes to none would let anybody sign. */
function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]{8,}={0,2}$/.test(text);
}
