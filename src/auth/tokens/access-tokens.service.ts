// Access tokens (design D8): ES256 JWTs of type at+jwt with RFC 9068 claims, signed and checked in this process with KeyObjects.
// Invariant: verify gives an actor only for a token this server could have issued and that lives now; everything else is
// undefined, without an exception and without a query by anything the token says (A26 to A28).
// A verified token is remembered by its whole text, so a repeat costs no signature check; its times are judged every time.
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../platform/clock/clock';
import { AppError } from '../../platform/errors/app-error';
import { tokenErrors } from '../../platform/errors/token.errors';
import { latestUsed } from '../../platform/memory/latest-used';
import { Random } from '../../platform/random/random';
import type { Actor } from '../../platform/request/actor';
import { FIRST_PARTY } from '../clients/client.policy';
import { ClientsService } from '../clients/clients.service';
import { AccessClaims, keyIdOf, LEEWAY_SECONDS, livesAt, readClaims, TokenRules } from './access-token.policy';
import { Issuer } from './issuer.service';
import type { ClaimsClient, ClaimsSession } from './claims-source';
import { CustomClaims } from './custom-claims.service';
import { SigningKeysService } from './signing-keys.service';
import { TokensConfig } from './tokens.config';

export interface AccessTokenRequest {
  readonly userId: string;
  /** Claim phone_number_verified: false once the number was recycled. */
  readonly phoneVerified: boolean;
  readonly sessionId: string;
  /** Claim client_id: first-party unless the client named itself. */
  readonly clientId: string;
  readonly authenticatedAt: Date;
  readonly amr: readonly string[];
  readonly acr: 'aal1' | 'aal2';
}

export interface IssuedAccessToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

export interface AllClaims extends AccessClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly jti: string;
}

interface Recipient {
  readonly client: ClaimsClient;
  readonly audience: string | string[];
  readonly ttlSeconds: number;
}

interface Remembered {
  readonly kid: string;
  readonly claims: AccessClaims;
}

const MAX_TOKEN_CHARACTERS = 4096;
const REMEMBERED_TOKENS = 5000;
/** Of ES256: 64 bytes of signature, the unused bits of whose last character are zero. Else four texts would be one token. */
const compactShape = /^([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/;

@Injectable()
export class AccessTokensService {
  private readonly remembered = latestUsed<Remembered>(REMEMBERED_TOKENS);

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeysService,
    private readonly clients: ClientsService,
    private readonly custom: CustomClaims,
    private readonly config: TokensConfig,
    private readonly issuer: Issuer,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Asked before a code is consumed for a token. @throws AppError not_ready while the signing key cannot be read. */
  async ready(): Promise<void> {
    if (this.keys.atHand() === undefined) await this.keys.current();
  }

  /** @throws AppError not_ready while the signing key cannot be read; token_invalid when the client app was disabled meanwhile. */
  async issue(request: AccessTokenRequest): Promise<IssuedAccessToken> {
    // What is at hand is not waited for: on Node 20 each wait carries the request's context over (ADR 91).
    const { kid, privateKey } = this.keys.atHand() ?? (await this.keys.current());
    const { issuer } = this.rules();
    const recipient = this.firstParty(request.clientId) ?? (await this.clientApp(request.clientId));
    const { client, audience, ttlSeconds } = recipient;
    const added =
      this.custom.forAnybody ?? (await this.custom.claimsFor({ id: request.userId }, client, sessionIn(request)));
    const iat = this.nowSeconds();
    const claims = {
      ...added,
      iss: issuer,
      aud: audience,
      sub: request.userId,
      client_id: request.clientId,
      sid: request.sessionId,
      jti: this.random.uuid(),
      iat,
      exp: iat + ttlSeconds,
      auth_time: Math.floor(request.authenticatedAt.getTime() / 1000),
      amr: request.amr,
      acr: request.acr,
      phone_number_verified: request.phoneVerified,
    };
    const token = this.jwt.sign(claims, {
      algorithm: 'ES256',
      privateKey,
      header: { alg: 'ES256', typ: 'at+jwt', kid },
    });
    return { token, expiresInSeconds: ttlSeconds };
  }

  /** The caller a token names, or undefined. Says nothing of the session: see SessionLivenessService. */
  async verify(token: string): Promise<Actor | undefined> {
    if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
    const known = this.remembered.get(token) ?? (await this.check(token));
    if (known === undefined) return undefined;
    if (!this.keys.holds(known.kid) || !livesAt(known.claims, this.nowSeconds(), this.rules())) {
      this.remembered.delete(token);
      return undefined;
    }
    return actorFrom(known.claims);
  }

  /** Everything a token says that `verify` accepts, or undefined. */
  async claimsOf(token: string): Promise<AllClaims | undefined> {
    if ((await this.verify(token)) === undefined) return undefined;
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as AllClaims;
  }

  /**
   * The session a token of ours was issued for, expired or not: for logout, which takes and never gives.
   * @returns undefined for anything that we did not sign
   */
  async sessionOf(token: string): Promise<string | undefined> {
    if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
    const kid = keyIdOf(headerOf(token));
    const key = kid === undefined ? undefined : await this.keys.verifier(kid);
    if (key === undefined) return undefined;
    return readClaims(this.signed(token, key, true), this.rules())?.sid;
  }

  private firstParty(clientId: string): Recipient | undefined {
    const { audience, ttlSeconds } = this.rules();
    return clientId === FIRST_PARTY ? { client: { clientId, audience }, audience, ttlSeconds } : undefined;
  }

  /** A client app's tokens name its audience first and ours beside it, so that its user can manage the session (ADR 0020). */
  private async clientApp(clientId: string): Promise<Recipient> {
    const { audience, ttlSeconds } = this.rules();
    const client = await this.clients.find(clientId);
    if (client === undefined) throw new AppError(tokenErrors.token_invalid, { reason: 'the client app was disabled' });
    return {
      client: { clientId, audience: client.audience },
      audience: client.audience === audience ? audience : [client.audience, audience],
      ttlSeconds: client.accessTokenTtlSeconds ?? ttlSeconds,
    };
  }

  private async check(token: string): Promise<Remembered | undefined> {
    const kid = keyIdOf(headerOf(token));
    if (kid === undefined) return undefined;
    const key = await this.keys.verifier(kid);
    if (key === undefined) return undefined;
    const claims = readClaims(this.signed(token, key), this.rules());
    if (claims === undefined) return undefined;
    const checked = { kid, claims };
    this.remembered.set(token, checked);
    return checked;
  }

  // The library refuses by throwing, and for some malformed signatures throws what is not its own error (A27: never 500).
  private signed(token: string, key: object, ignoreExpiration = false): unknown {
    const { issuer, audience } = this.rules();
    try {
      return this.jwt.verify<Record<string, unknown>>(token, {
        // A KeyObject is what the library underneath wants; the wrapper's type has not caught up (nestjs/jwt#1971).
        publicKey: key as unknown as Buffer,
        algorithms: ['ES256'],
        issuer,
        audience,
        clockTimestamp: this.nowSeconds(),
        clockTolerance: LEEWAY_SECONDS,
        ignoreExpiration,
      });
    } catch {
      return undefined;
    }
  }

  private rules(): TokenRules {
    const issuer = this.issuer.identifier;
    const audience = this.config.JWT_AUDIENCE ?? issuer;
    return { issuer, audience, ttlSeconds: this.config.ACCESS_TOKEN_TTL_SECONDS };
  }

  private nowSeconds(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }
}

function sessionIn({ sessionId, authenticatedAt, amr, acr }: AccessTokenRequest): ClaimsSession {
  return { id: sessionId, authenticatedAt, amr, acr };
}

function headerOf(token: string): unknown {
  const [, header] = compactShape.exec(token) ?? [];
  if (header === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function actorFrom(claims: AccessClaims): Actor {
  return {
    userId: claims.sub,
    sessionId: claims.sid,
    clientId: claims.client_id,
    authenticatedAt: new Date(claims.auth_time * 1000),
    amr: claims.amr,
    acr: claims.acr,
  };
}
