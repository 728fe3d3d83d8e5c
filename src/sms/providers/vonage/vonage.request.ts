// How every Vonage product is asked: JSON, and a JWT of the application where there is one, else Basic with the account's key
// (for which Vonage sends no webhooks). Claims as Vonage's own SDK writes them; a token per request.
import type { KeyObject } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import type { Clock } from '../../../platform/clock/clock';
import type { OutboundAnswer, OutboundFailure, OutboundHttp } from '../../../platform/http/outbound-http';
import type { Random } from '../../../platform/random/random';
import type { ProviderDependencies } from '../../contract/provider';
import { privateKeyOf, type VonageAccount } from './vonage.account';

/** Vonage's default; 24 hours at most. */
const tokenSeconds = 900;

export class VonageRequests {
  private readonly jwt = new JwtService();
  private readonly key: KeyObject | undefined;
  private readonly account: VonageAccount;
  private readonly http: OutboundHttp;
  private readonly clock: Clock;
  private readonly random: Random;

  constructor({ config, http, clock, random }: ProviderDependencies<VonageAccount>) {
    this.account = config;
    this.http = http;
    this.clock = clock;
    this.random = random;
    const secret = config.VONAGE_PRIVATE_KEY;
    this.key = secret === undefined ? undefined : privateKeyOf(secret);
  }

  post(path: string, body: object): Promise<OutboundAnswer | OutboundFailure> {
    const headers = { ...this.headers(), 'content-type': 'application/json' };
    const url = `${this.account.VONAGE_BASE_URL}${path}`;
    return this.http.request({ method: 'POST', url, headers, body: JSON.stringify(body) });
  }

  delete(path: string): Promise<OutboundAnswer | OutboundFailure> {
    return this.http.request({
      method: 'DELETE',
      url: `${this.account.VONAGE_BASE_URL}${path}`,
      headers: this.headers(),
    });
  }

  private headers(): Record<string, string> {
    const authorization = this.key === undefined ? this.basic() : `Bearer ${this.token(this.key)}`;
    return { authorization, accept: 'application/json' };
  }

  private token(privateKey: KeyObject): string {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const claims = {
      jti: this.random.uuid(),
      iat: issuedAt,
      exp: issuedAt + tokenSeconds,
      application_id: this.account.VONAGE_APPLICATION_ID,
    };
    return this.jwt.sign(claims, { privateKey, algorithm: 'RS256' });
  }

  private basic(): string {
    const { VONAGE_API_KEY: key, VONAGE_API_SECRET: secret } = this.account;
    return `Basic ${Buffer.from(`${key?.reveal() ?? ''}:${secret?.reveal() ?? ''}`).toString('base64')}`;
  }
}
