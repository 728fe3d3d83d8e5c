// Our issuer: the claim iss of all our JWTs, under which others find our keys (RFC 8414).
import { Injectable } from '@nestjs/common';
import { PublicUrl } from '../../platform/request/public-url';
import type { TokenRules } from './access-token.policy';
import { TokensConfig } from './tokens.config';

@Injectable()
export class Issuer {
  constructor(
    private readonly config: TokensConfig,
    private readonly publicUrl: PublicUrl,
  ) {}

  /** JWT_ISSUER, else our public address. @throws Error before the address is known */
  get identifier(): string {
    return this.config.JWT_ISSUER ?? this.publicUrl.origin;
  }

  /** The rules for our own access tokens. @throws Error before the address is known */
  get rules(): TokenRules {
    const issuer = this.identifier;
    const { JWT_AUDIENCE, ACCESS_TOKEN_TTL_SECONDS: ttlSeconds } = this.config;
    return { issuer, audience: JWT_AUDIENCE ?? issuer, ttlSeconds };
  }

  /** The origin of our routes, which JWT_ISSUER does not change. @throws Error before the address is known */
  get origin(): string {
    return this.publicUrl.origin;
  }
}
