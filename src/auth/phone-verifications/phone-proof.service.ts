// The proof a client app gets for a phone: a JWT of a type of its own, for that app alone, for 5 minutes. It names no person and
// no session, so whoever checks access tokens refuses it by type, by audience and by what it lacks (RFC 8725 section 3.12; A13).
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock } from '../../platform/clock/clock';
import { unixSeconds } from '../../platform/time/seconds';
import type { ApiClient } from '../clients/clients.types';
import { Issuer } from '../tokens/issuer.service';
import { SigningKeysService } from '../tokens/signing-keys.service';

const TTL_SECONDS = 300;

@Injectable()
export class PhoneProofs {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeysService,
    private readonly issuer: Issuer,
    private readonly clock: Clock,
  ) {}

  /** Asked before a code is consumed for a proof. @throws AppError not_ready while the signing key cannot be read */
  async ready(): Promise<void> {
    await this.keys.current();
  }

  /** @param challengeId claim jti: a challenge proves once. @throws AppError not_ready */
  async sign(phone: string, challengeId: string, { clientId }: ApiClient): Promise<string> {
    const { kid, privateKey } = await this.keys.current();
    const iat = unixSeconds(this.clock.now());
    const claims = {
      iss: this.issuer.identifier,
      aud: clientId,
      phone_number: phone,
      phone_number_verified: true,
      jti: challengeId,
      iat,
      exp: iat + TTL_SECONDS,
    };
    return this.jwt.sign(claims, {
      algorithm: 'ES256',
      privateKey,
      header: { alg: 'ES256', typ: 'phone-proof+jwt', kid },
    });
  }
}
