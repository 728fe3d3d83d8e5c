import { ConfigSlice, type Problem } from '../../config/config-slice';
import { EnvInt, EnvString } from '../../config/fields';
import { MAX_TOKEN_TTL_SECONDS } from './access-token.policy';
import type { Claims } from './claims-source';
import { addedClaimsProblem } from './custom-claims.policy';

/** What access tokens say and how long they live (security.md 5.5). */
export class TokensConfig extends ConfigSlice {
  @EnvInt({ min: 5, max: MAX_TOKEN_TTL_SECONDS }) ACCESS_TOKEN_TTL_SECONDS: number = 600;
  /** Days after its first token after which the signing key is replaced; 0: only by the operator. */
  @EnvInt({ min: 0, max: 3650 }) SIGNING_KEY_ROTATION_DAYS: number = 90;
  /** Claim iss. By default the public address of this server. */
  @EnvString({ matches: /^\S{1,256}$/, message: 'must be 1 to 256 characters without spaces' }) JWT_ISSUER?: string;
  /** Claim aud. By default the issuer. */
  @EnvString({ matches: /^\S{1,256}$/, message: 'must be 1 to 256 characters without spaces' }) JWT_AUDIENCE?: string;
  /** Claims that every access token has besides ours, as a JSON object (custom-claims.policy.ts says which names and size). */
  @EnvString() CUSTOM_CLAIMS?: string;

  override problems(): Problem[] {
    const reason = addedClaimsProblem(parsed(this.CUSTOM_CLAIMS));
    return reason === undefined ? [] : [{ key: 'CUSTOM_CLAIMS', reason }];
  }

  /** May be called only after problems() has found none. */
  get customClaims(): Claims {
    return parsed(this.CUSTOM_CLAIMS) as Claims;
  }
}

function parsed(text = '{}'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
