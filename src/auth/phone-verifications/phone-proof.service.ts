// The proof of a phone for a client app: a JWT of a type of its own, for that app alone, for 5 minutes. It names no person and no session. So whoever
// checks access tokens refuses it, by its type, its audience and its missing claims (RFC 8725 section 3.12; A13).
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock';
import { unixSeconds } from '../../platform/time/seconds';
import type { ApiClient } from '../clients/clients.types';
import { Issuer } from '../tokens/issuer.service';
import { SigningKeysService } from '../tokens/signing-keys.service';

const TTL_SECONDS = 300;

@Injectable()
export class PhoneProofs {
  constructor(
    private readonly keys: SigningKeysService,
    private readonly issuer: Issuer,
    private readonly clock: Clock,
  ) {}

  /** To be called before a code is used up for a proof. @throws AppError not_ready while the signing key cannot be read */
  async ready(): Promise<void> {
    await this.keys.current();
  }

  /** @param challengeId becomes the claim jti, since a challenge proves only once. @throws AppError not_ready */
  async sign(phone: string, challengeId: string, { clientId }: ApiClient): Promise<string> {
    const key = await this.keys.current();
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
    return key.sign('phone-proof+jwt', claims);
  }
}
