// Who we are at Vonage, for every product: an application with its private key, or the account's key and secret.
import { createPrivateKey } from 'node:crypto';
import { ConfigSlice, type Environment, type Problem } from '../../../config/config-slice';
import { EnvSecret, EnvString, EnvUrl } from '../../../config/fields';
import type { Secret } from '../../../config/secret';
import { insecureOrigin, missingKeys } from '../../contract/vendor-config';

const uuid = { matches: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, message: 'must be a UUID' };
const leastRsaBits = 2048;

export abstract class VonageAccount extends ConfigSlice {
  @EnvString(uuid) VONAGE_APPLICATION_ID?: string;
  /** PEM; `\n` may stand for its line breaks. */
  @EnvSecret() VONAGE_PRIVATE_KEY?: Secret;
  @EnvSecret() VONAGE_API_KEY?: Secret;
  @EnvSecret() VONAGE_API_SECRET?: Secret;
  /** Of the account, for the webhooks of its applications; without it there are no receipts. */
  @EnvSecret() VONAGE_SIGNATURE_SECRET?: Secret;
  /** The former one, which is accepted while it is being changed (receipts/former-keys.ts). */
  @EnvSecret() VONAGE_SIGNATURE_SECRET_PREVIOUS?: Secret;
  @EnvUrl({ origin: true }) VONAGE_BASE_URL: string = 'https://api.nexmo.com';

  override problems(environment: Environment): Problem[] {
    return [
      ...this.credentialProblems(),
      ...insecureOrigin('VONAGE_BASE_URL', this.VONAGE_BASE_URL, environment),
      ...(this.VONAGE_PRIVATE_KEY === undefined ? [] : privateKeyProblems(this.VONAGE_PRIVATE_KEY)),
    ];
  }

  /** One of the two pairs, whole. Without either, `expected` is what an operator is asked for. */
  private credentialProblems(): Problem[] {
    const application = ['VONAGE_APPLICATION_ID', 'VONAGE_PRIVATE_KEY'];
    const account = ['VONAGE_API_KEY', 'VONAGE_API_SECRET'];
    const [noApplication, noAccount] = [missingKeys(this, application), missingKeys(this, account)];
    const half = [noApplication, noAccount].filter((missing) => missing.length === 1).flat();
    if (half.length > 0) return half;
    if (noApplication.length === 0 || noAccount.length === 0) return [];
    const reason = (pair: string[]): string => `is required unless ${pair.join(' and ')} are set`;
    return [
      ...application.map((key) => ({ key, reason: reason(account) })),
      ...account.map((key) => ({ key, reason: reason(application) })),
    ];
  }
}

/** @throws Error when it is no private key in PEM. */
export function privateKeyOf(secret: Secret) {
  return createPrivateKey(secret.reveal().replaceAll('\\n', '\n'));
}

function privateKeyProblems(secret: Secret): Problem[] {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = privateKeyOf(secret);
    if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= leastRsaBits) return [];
  } catch {
    // Told below, without the reason: it could quote the key.
  }
  return [{ key: 'VONAGE_PRIVATE_KEY', reason: `must be an RSA private key of ${leastRsaBits} bits or more, in PEM` }];
}
