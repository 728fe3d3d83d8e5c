import { ConfigSlice } from '../../config/config-slice';
import { EnvInt, EnvString } from '../../config/fields';
import { MAX_TOKEN_TTL_SECONDS } from './access-token.policy';

/** What access tokens say and how long they live (security.md 5.5). */
export class TokensConfig extends ConfigSlice {
  @EnvInt({ min: 5, max: MAX_TOKEN_TTL_SECONDS }) ACCESS_TOKEN_TTL_SECONDS: number = 600;
  /** The key that signs is replaced so many days after its first token; 0 leaves it to the operator. */
  @EnvInt({ min: 0, max: 3650 }) SIGNING_KEY_ROTATION_DAYS: number = 90;
  /** Claim iss; without it, the public address of this server. */
  @EnvString({ matches: /^\S{1,256}$/, message: 'must be 1 to 256 characters without spaces' }) JWT_ISSUER?: string;
  /** Claim aud; without it, the issuer. */
  @EnvString({ matches: /^\S{1,256}$/, message: 'must be 1 to 256 characters without spaces' }) JWT_AUDIENCE?: string;
}
