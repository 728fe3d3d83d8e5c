// How every Vonage product is asked: JSON, and a JWT of the application where there is one, else Basic with the account's key
// (for which Vonage sends no webhooks). Claims as Vonage's own SDK writes them; a token per request.
import type { KeyObject } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { unixSeconds } from '../../../platform/time/seconds';
import type { OutboundAnswer, OutboundFailure } from '../../../platform/http/outbound-http';
import type { ProviderDependencies } from '../../contract/provider';
import { postJson } from '../../contract/vendor-request';
import { privateKeyOf, type VonageAccount } from './vonage.account';

/** Vonage's default; 24 hours at most. */
const tokenSeconds = 900;

export class VonageRequests {
  private readonly jwt = new JwtService();
  private readonly key: KeyObject | undefined;

  constructor(private readonly given: ProviderDependencies<VonageAccount>) {
    const secret = given.config.VONAGE_PRIVATE_KEY;
    this.key = secret === undefined ? undefined : privateKeyOf(secret);
  }

  post(path: string, body: object): Promise<OutboundAnswer | OutboundFailure> {
    const { config, http } = this.given;
    return postJson(http, `${config.VONAGE_BASE_URL}${path}`, { authorization: this.authorization() }, body);
  }

  delete(path: string): Promise<OutboundAnswer | OutboundFailure> {
    const { config, http } = this.given;
    const headers = { authorization: this.authorization(), accept: 'application/json' };
    return http.request({ method: 'DELETE', url: `${config.VONAGE_BASE_URL}${path}`, headers });
  }

  private authorization(): string {
    return this.key === undefined ? this.basic() : `Bearer ${this.token(this.key)}`;
  }

  private token(privateKey: KeyObject): string {
    const issuedAt = unixSeconds(this.given.clock.now());
    const claims = {
      jti: this.given.random.uuid(),
      iat: issuedAt,
      exp: issuedAt + tokenSeconds,
      application_id: this.given.config.VONAGE_APPLICATION_ID,
    };
    return this.jwt.sign(claims, { privateKey, algorithm: 'RS256' });
  }

  private basic(): string {
    const { VONAGE_API_KEY: key, VONAGE_API_SECRET: secret } = this.given.config;
    return `Basic ${Buffer.from(`${key?.reveal() ?? ''}:${secret?.reveal() ?? ''}`).toString('base64')}`;
  }
}
