// RFC 7662: tells a server what a token is worth now, so that it need not wait until the token expires. A client app with this scope may
// ask about every access token, because it was handed that token; about refresh tokens only its own, because nobody else should have one.
// Invariant: asking changes nothing, and everything that is no living token of ours gets the same answer (A94).
import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { Clock } from '../../platform/clock/clock';
import { unixSeconds } from '../../platform/time/seconds';
import type { ApiClient } from '../clients/clients.types';
import { RefreshTokens } from '../sessions/refresh-token.algorithm';
import { acrOf } from '../tokens/access-token.policy';
import { AccessTokenVerifier } from '../tokens/access-token-verifier.service';
import { Issuer } from '../tokens/issuer.service';
import type { IntrospectionResponse } from './introspection.response';
import { type IntrospectedSession, introspectSession } from './oauth.sql';

const INACTIVE: IntrospectionResponse = { active: false };

@Injectable()
export class IntrospectionService {
  constructor(
    private readonly database: Database,
    private readonly accessTokens: AccessTokenVerifier,
    private readonly refreshTokens: RefreshTokens,
    private readonly issuer: Issuer,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError overloaded or not_ready when the database cannot be asked */
  async introspect(token: string, caller: ApiClient): Promise<IntrospectionResponse> {
    return (await this.accessToken(token)) ?? (await this.refreshToken(token, caller)) ?? INACTIVE;
  }

  private async accessToken(token: string): Promise<IntrospectionResponse | undefined> {
    const claims = await this.accessTokens.claimsOf(token);
    if (claims === undefined) return undefined;
    const { sub, sid, exp } = claims;
    const session = await this.session(sid);
    // Our own routes allow for differing clocks of instances. Here only our own clock counts.
    if (session?.userId !== sub || exp <= unixSeconds(this.clock.now())) return undefined;
    // After the token's own claims, so that a claim added by the operator cannot replace these.
    return { ...claims, active: true, token_type: 'Bearer' };
  }

  private async refreshToken(token: string, caller: ApiClient): Promise<IntrospectionResponse | undefined> {
    const parts = this.refreshTokens.read(token);
    if (parts === undefined) return undefined;
    const session = await this.session(parts.id);
    if (session === undefined || session.clientId !== caller.clientId) return undefined;
    if (session.generation !== parts.generation || !timingSafeEqual(session.digest, parts.digest)) return undefined;
    return {
      active: true,
      iss: this.issuer.identifier,
      sub: session.userId,
      client_id: session.clientId,
      sid: parts.id,
      iat: unixSeconds(session.renewedAt),
      exp: unixSeconds(session.endsAt),
      auth_time: unixSeconds(session.authenticatedAt),
      amr: session.amr,
      acr: acrOf(session.amr),
    };
  }

  private async session(id: string): Promise<IntrospectedSession | undefined> {
    const [row] = await this.database.run<IntrospectedSession>(introspectSession, [id, this.clock.now()]);
    return row;
  }
}
