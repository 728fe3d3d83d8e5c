// An issuer whose keys, answers and faults the test chooses: metadata, key set, and tokens signed with whatever is asked for.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LatchkeyVerifier, type LatchkeyVerifyError, type VerifierOptions } from '../../../packages/verifier/src/index';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

export function signingKey(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' } };
}

export const METADATA = '/.well-known/oauth-authorization-server';
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A compact JWS of any header and payload. */
export function signed(header: unknown, payload: unknown, { privateKey }: SigningKey): string {
  const text = `${base64url(header)}.${base64url(payload)}`;
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

export class FakeIssuer {
  keys: SigningKey[] = [signingKey('first')];
  /** Paths asked for, in order. */
  readonly asked: string[] = [];
  /** Milliseconds since 1970, for tokens and the verifier alike. */
  now = Date.UTC(2026, 0, 1);
  /** Answers in place of the issuer when it is set. */
  instead: RequestListener | undefined;
  metadata: Readonly<Record<string, unknown>> = {};
  private readonly server: Server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    if (this.instead !== undefined) return this.instead(request, response);
    const document = request.url?.startsWith(METADATA)
      ? { issuer: this.url, jwks_uri: `${this.url}/keys`, ...this.metadata }
      : { keys: this.keys.map(({ jwk }) => jwk) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  });

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get key(): SigningKey {
    const [first] = this.keys;
    if (first === undefined) throw new Error('the issuer has no key');
    return first;
  }

  async start(): Promise<this> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await once(this.server.close(), 'close');
  }

  claims(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const iat = Math.floor(this.now / 1000);
    return {
      iss: this.url,
      aud: 'https://api.example',
      sub: '0193f8a0-0000-7000-8000-000000000001',
      client_id: 'first-party',
      sid: '0193f8a0-0000-7000-8000-000000000002',
      jti: 'a-token',
      iat,
      exp: iat + 600,
      auth_time: iat,
      amr: ['pwd', 'sms', 'mfa'],
      acr: 'aal2',
      ...change,
    };
  }

  /** An access token as Latchkey makes it, with members changed; undefined leaves one out. */
  token(claims: Readonly<Record<string, unknown>> = {}, header: Readonly<Record<string, unknown>> = {}): string {
    return signed({ alg: 'ES256', typ: 'at+jwt', kid: this.key.kid, ...header }, this.claims(claims), this.key);
  }
}

/** A verifier whose clock is the issuer's. */
export function verifierOf(issuer: FakeIssuer, options: Partial<VerifierOptions> = {}): LatchkeyVerifier {
  return new LatchkeyVerifier({
    issuer: issuer.url,
    audience: 'https://api.example',
    now: () => issuer.now,
    ...options,
  });
}

/** "accepted", or the code of the refusal. */
export const verdict = (judge: LatchkeyVerifier, token: string): Promise<string> =>
  judge.verify(token).then(
    () => 'accepted',
    (error: LatchkeyVerifyError) => error.code,
  );
