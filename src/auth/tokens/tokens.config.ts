import { ConfigSlice } from '../../config/config-slice';
import { EnvInt, EnvString } from '../../config/fields';

/** What access tokens say and how long they live (security.md 5.5). */
export class TokensConfig extends ConfigSlice {
  @EnvInt({ min: 5, max: 3600 }) ACCESS_TOKEN_TTL_SECONDS: number = 600;
  /** Claim iss; without it, the public address of this server. */
  @EnvString({ matches: /^\S{1,256}$/, message: 'must be 1 to 256 characters without spaces' }) JWT_ISSUER?: string;
  /** Claim aud; without it, the issuer. */
  @EnvString({ matches: /^\S{1,256}$/, message: 'must be 1 to 256 characters without spaces' }) JWT_AUDIENCE?: string;
}
