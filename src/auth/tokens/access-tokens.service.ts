// Issues access tokens (design D8): ES256 JWTs of type at+jwt with the claims of RFC 9068, signed in this process with KeyObjects.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { unixSeconds } from '../../platform/time/seconds';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { Random } from '../../platform/random/random';
import { UserResponse } from '../../users/user-response.types';
import type { UserAccount } from '../../users/users.types';
import { FIRST_PARTY } from '../clients/client.policy';
import { ClientsService } from '../clients/clients.service';
import { acrOf } from './access-token.policy';
import { Issuer } from './issuer.service';
import type { ClaimsClient, ClaimsSession } from './claims-source';
import { CustomClaims } from './custom-claims.service';
import { SigningKeysService } from './signing-keys.service';
import type { TokensResponse } from './tokens.response';

export interface AccessTokenRequest {
  readonly userId: string;
  /** Claim phone_number_verified: false when the number went to somebody else. */
  readonly phoneVerified: boolean;
  readonly sessionId: string;
  /** Claim client_id: first-party unless the client has named itself. */
  readonly clientId: string;
  readonly authenticatedAt: Date;
  readonly amr: readonly string[];
}

export interface IssuedAccessToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

interface Recipient {
  readonly client: ClaimsClient;
  readonly audience: string | string[];
  readonly ttlSeconds: number;
}

@Injectable()
export class AccessTokensService {
  constructor(
    private readonly keys: SigningKeysService,
    private readonly clients: ClientsService,
    private readonly custom: CustomClaims,
    private readonly issuer: Issuer,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** To be called before a code or refresh token is used up for a token. @throws AppError not_ready while the signing key cannot be read */
  async ready(): Promise<void> {
    if (this.keys.atHand() === undefined) await this.keys.current();
  }

  /** @throws AppError not_ready while the signing key cannot be read; token_invalid when the client app was disabled meanwhile */
  async issue(request: AccessTokenRequest): Promise<IssuedAccessToken> {
    // Does not wait for what is in memory: on Node 20 each await carries the request's context over (ADR 91).
    const key = this.keys.atHand() ?? (await this.keys.current());
    const recipient = this.firstParty(request.clientId) ?? (await this.clientApp(request.clientId));
    const { client, audience, ttlSeconds } = recipient;
    const added =
      this.custom.forAnybody ?? (await this.custom.claimsFor({ id: request.userId }, client, sessionIn(request)));
    const iat = this.nowSeconds();
    const claims = {
      ...added,
      iss: this.issuer.identifier,
      aud: audience,
      sub: request.userId,
      client_id: request.clientId,
      sid: request.sessionId,
      jti: this.random.uuid(),
      iat,
      exp: iat + ttlSeconds,
      auth_time: unixSeconds(request.authenticatedAt),
      amr: request.amr,
      acr: acrOf(request.amr),
      phone_number_verified: request.phoneVerified,
    };
    return { token: key.sign('at+jwt', claims), expiresInSeconds: ttlSeconds };
  }

  /** The token and the account that it speaks for, as the person's app gets them. @throws AppError as issue */
  async answer(
    account: UserAccount & { readonly clientId: string },
    session: Pick<AccessTokenRequest, 'sessionId' | 'authenticatedAt' | 'amr'>,
  ): Promise<TokensResponse> {
    const { token, expiresInSeconds } = await this.issue({
      userId: account.id,
      phoneVerified: account.phone !== null,
      sessionId: session.sessionId,
      clientId: account.clientId,
      authenticatedAt: session.authenticatedAt,
      amr: session.amr,
    });
    return {
      tokenType: 'Bearer',
      accessToken: token,
      expiresIn: expiresInSeconds,
      user: UserResponse.from(account),
    };
  }

  private firstParty(clientId: string): Recipient | undefined {
    const { audience, ttlSeconds } = this.issuer.rules;
    return clientId === FIRST_PARTY ? { client: { clientId, audience }, audience, ttlSeconds } : undefined;
  }

  /** Tokens of a client app name its audience first and ours beside it, so that its user can manage the session with us (ADR 0020). */
  private async clientApp(clientId: string): Promise<Recipient> {
    const { audience, ttlSeconds } = this.issuer.rules;
    const client = await this.clients.find(clientId);
    if (client === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the client app was disabled' });
    return {
      client: { clientId, audience: client.audience },
      audience: client.audience === audience ? audience : [client.audience, audience],
      ttlSeconds: client.accessTokenTtlSeconds ?? ttlSeconds,
    };
  }

  private nowSeconds(): number {
    return unixSeconds(this.clock.now());
  }
}

function sessionIn({ sessionId, authenticatedAt, amr }: AccessTokenRequest): ClaimsSession {
  return { id: sessionId, authenticatedAt, amr, acr: acrOf(amr) };
}
