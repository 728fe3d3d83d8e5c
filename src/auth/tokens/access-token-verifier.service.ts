// Checks access tokens in this process (design D8). Invariant: `verify` returns an actor only for a living token that this server could
// have issued. For everything else it returns undefined, without an exception, and without a query that depends on the token's content (A26
// to A28). Verified tokens are remembered by their whole text, so that a repetition costs no signature check. Their times are checked every
// time.
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../platform/clock/clock';
import { unixSeconds } from '../../platform/time/seconds';
import { latestUsed } from '../../platform/memory/latest-used';
import type { Actor } from '../../platform/request/actor';
import { type AccessClaims, keyIdOf, LEEWAY_SECONDS, livesAt, readClaims } from './access-token.policy';
import { Issuer } from './issuer.service';
import { SigningKeysService } from './signing-keys.service';

export interface AllClaims extends AccessClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly jti: string;
}

interface Remembered {
  readonly kid: string;
  readonly claims: AccessClaims;
}

const MAX_TOKEN_CHARACTERS = 4096;
const REMEMBERED_TOKENS = 5000;
/** ES256 has signatures of 64 bytes, so the last character has unused bits, which must be zero. Otherwise four texts would be one token. */
const compactShape = /^([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/;

@Injectable()
export class AccessTokenVerifier {
  private readonly remembered = latestUsed<Remembered>(REMEMBERED_TOKENS);

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeysService,
    private readonly issuer: Issuer,
    private readonly clock: Clock,
  ) {}

  /** The caller that a token names, or undefined. Does not look at the session: see SessionLivenessService. */
  async verify(token: string): Promise<Actor | undefined> {
    if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
    const known = this.remembered.get(token) ?? (await this.check(token));
    if (known === undefined) return undefined;
    if (!this.keys.holds(known.kid) || !livesAt(known.claims, this.nowSeconds(), this.issuer.rules)) {
      this.remembered.delete(token);
      return undefined;
    }
    return actorFrom(known.claims);
  }

  /** All claims of a token that `verify` accepts, or undefined. */
  async claimsOf(token: string): Promise<AllClaims | undefined> {
    if ((await this.verify(token)) === undefined) return undefined;
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as AllClaims;
  }

  /**
   * The session that a token of ours was issued for, even if the token has expired: for logout, which only takes away.
   * @returns undefined for any text that we have not signed
   */
  async sessionOf(token: string): Promise<string | undefined> {
    if (token.length > MAX_TOKEN_CHARACTERS) return undefined;
    const kid = keyIdOf(headerOf(token));
    const key = kid === undefined ? undefined : await this.keys.verifier(kid);
    if (key === undefined) return undefined;
    return readClaims(this.signed(token, key, true), this.issuer.rules)?.sid;
  }

  private async check(token: string): Promise<Remembered | undefined> {
    const kid = keyIdOf(headerOf(token));
    if (kid === undefined) return undefined;
    const key = await this.keys.verifier(kid);
    if (key === undefined) return undefined;
    const claims = readClaims(this.signed(token, key), this.issuer.rules);
    if (claims === undefined) return undefined;
    const checked = { kid, claims };
    this.remembered.set(token, checked);
    return checked;
  }

  // The library refuses a token by throwing; for some malformed signatures it throws errors of other kinds (A27: never 500).
  private signed(token: string, key: object, ignoreExpiration = false): unknown {
    const { issuer, audience } = this.issuer.rules;
    try {
      return this.jwt.verify<Record<string, unknown>>(token, {
        // The library underneath wants a KeyObject, but the wrapper's type does not know that yet (nestjs/jwt#1971).
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

  private nowSeconds(): number {
    return unixSeconds(this.clock.now());
  }
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
