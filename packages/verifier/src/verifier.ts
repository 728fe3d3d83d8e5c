// Says who a bearer token speaks for, or throws. Invariant: claims are returned only for an ES256 token of type at+jwt,
// signed by a key that the issuer publishes, for this issuer and audience, alive now. Nothing in the token chooses the
// algorithm, the key's source or the issuer. Whether the session has ended since is the issuer's to say (introspection).
import type { JWTVerifyOptions } from 'jose';
import { type AccessTokenClaims, LEEWAY_SECONDS, readClaims } from './claims';
import { KeySet } from './key-set';
import { inRange, names, settingsFrom, type Settings, type VerifierOptions } from './options';
import { invalid, LatchkeyVerifyError, type Requirements } from './verify-error';

const MOST_CHARACTERS = 8192;
const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const bearer = /^Bearer +([^ ]+) *$/i;

export class LatchkeyVerifier {
  private readonly settings: Settings;
  private readonly keys: KeySet;

  /** Fetches nothing yet. @throws TypeError naming the option that is wrong */
  constructor(options: VerifierOptions) {
    this.settings = settingsFrom(options);
    this.keys = new KeySet(this.settings);
  }

  /** @throws LatchkeyVerifyError */
  async verify(token: string, requirements: Requirements = {}): Promise<AccessTokenClaims> {
    if (typeof token !== 'string' || token.length > MOST_CHARACTERS || !compact.test(token)) {
      throw invalid('not a signed token');
    }
    const nowMs = this.settings.now();
    const payload = await this.signed(token, nowMs);
    const claims = readClaims(payload, this.settings, nowMs / 1000);
    demand(claims, checkedRequirements(requirements), nowMs / 1000);
    return claims;
  }

  /**
   * @param authorization the header `Authorization`, as it came
   * @throws LatchkeyVerifyError
   */
  async verifyHeader(authorization: string | undefined, requirements: Requirements = {}): Promise<AccessTokenClaims> {
    if (authorization === undefined || !/^Bearer\b/i.test(authorization)) {
      throw new LatchkeyVerifyError('token_missing', 'no bearer token');
    }
    return this.verify(bearer.exec(authorization)?.[1] ?? '', requirements);
  }

  private async signed(token: string, nowMs: number): Promise<Readonly<Record<string, unknown>>> {
    const { errors, jwtVerify } = await import('jose');
    const options: JWTVerifyOptions = {
      algorithms: ['ES256'],
      issuer: this.settings.issuer,
      audience: [...this.settings.audiences],
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(nowMs),
    };
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ alg, typ, kid }) => {
          if (alg !== 'ES256' || typ !== 'at+jwt') throw invalid('not an access token');
          const key = await this.keys.key(kid);
          if (key === undefined) throw invalid('signed with a key that the issuer does not publish');
          return key;
        },
        options,
      );
      return payload;
    } catch (error) {
      if (error instanceof LatchkeyVerifyError) throw error;
      if (error instanceof errors.JWTExpired)
        throw new LatchkeyVerifyError('token_expired', 'expired', { cause: error });
      if (error instanceof errors.JOSEError || error instanceof TypeError) throw invalid('not valid', error);
      throw error;
    }
  }
}

/** For routes: finds a wrong requirement at start, not at the first request. @throws TypeError */
export function checkedRequirements(requirements: Requirements): Requirements {
  const { maxAuthAgeSeconds, requireAcr } = requirements;
  if (maxAuthAgeSeconds !== undefined) inRange('maxAuthAgeSeconds', maxAuthAgeSeconds, 1, Number.MAX_SAFE_INTEGER);
  if (requireAcr !== undefined) names('requireAcr', requireAcr);
  return requirements;
}

function demand(claims: AccessTokenClaims, requirements: Requirements, nowSeconds: number): void {
  const { maxAuthAgeSeconds, requireAcr } = requirements;
  const unmet = (reason: string) =>
    new LatchkeyVerifyError('authentication_insufficient', reason, { unmet: requirements });
  if (maxAuthAgeSeconds !== undefined && !(nowSeconds - (claims.auth_time ?? 0) <= maxAuthAgeSeconds)) {
    throw unmet(`the sign-in is older than ${maxAuthAgeSeconds} s`);
  }
  if (requireAcr !== undefined && !names('requireAcr', requireAcr).includes(claims.acr ?? '')) {
    throw unmet('acr is not one of those required');
  }
}
