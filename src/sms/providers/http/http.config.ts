import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvSecret, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

export class HttpGatewayConfig extends ConfigSlice {
  /** Where messages are posted: a whole URL, path and query included. */
  @EnvUrl() SMS_HTTP_URL?: string;
  /** Signs every request; 32 characters are 128 bits even in hex. */
  @EnvSecret({ minLength: 32 }) SMS_HTTP_SECRET?: Secret;
  /** The former one, which is accepted while it is being changed (receipts/former-keys.ts). */
  @EnvSecret({ minLength: 32 }) SMS_HTTP_SECRET_PREVIOUS?: Secret;

  override problems(environment: Environment): Problem[] {
    const problems = [
      ...missingKeys(this, ['SMS_HTTP_URL', 'SMS_HTTP_SECRET']),
      ...insecureOrigin('SMS_HTTP_URL', this.SMS_HTTP_URL, environment),
    ];
    const { username, password, hash } = new URL(this.SMS_HTTP_URL ?? 'https://unset.invalid');
    if (username !== '' || password !== '' || hash !== '') {
      problems.push({ key: 'SMS_HTTP_URL', reason: 'must have no user, password or fragment' });
    }
    return problems;
  }
}
