// The key that signs now, and what it signs with it: JWTs by ES256 (design D8, RFC 7518 section 3.4).
import { KeyObject } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';

/** Header `typ`. It keeps a token of one kind from passing as one of another (RFC 8725 section 3.11). */
export type TokenType = 'at+jwt' | 'phone-proof+jwt';

export class SigningKey {
  /** One for each kind of token: options that come with each token are copied and checked by the library each time. */
  private readonly signers = new Map<TokenType, JwtService>();

  constructor(
    readonly kid: string,
    readonly privateKey: KeyObject,
  ) {}

  /** @param claims must have `iat` and `exp`, since the library would take the machine's clock */
  sign(typ: TokenType, claims: { readonly iat: number; readonly exp: number }): string {
    return this.signer(typ).sign(claims);
  }

  private signer(typ: TokenType): JwtService {
    const known = this.signers.get(typ);
    if (known !== undefined) return known;
    const header = { alg: 'ES256', typ, kid: this.kid } as const;
    const made = new JwtService({ privateKey: this.privateKey, signOptions: { algorithm: 'ES256', header } });
    this.signers.set(typ, made);
    return made;
  }
}
