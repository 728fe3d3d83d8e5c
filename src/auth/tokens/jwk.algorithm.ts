// P-256 keys as JWKs: their public members, and the RFC 7638 thumbprint that is their key id.
import { createPublicKey, generateKeyPairSync, hash, JsonWebKey, KeyObject } from 'node:crypto';

export interface PublicJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** As in jwks.json (RFC 7517 section 4). */
export interface PublishedJwk extends PublicJwk {
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

export interface NewSigningKey {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly privateKey: KeyObject;
}

export function generateSigningKey(): NewSigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicJwk = publicMembers(publicKey.export({ format: 'jwk' }));
  return { kid: thumbprint(publicJwk), publicJwk, privateKey };
}

/** Picks the public members by name, so that a private one cannot be published. @throws Error for a key of another kind */
export function publicMembers(jwk: JsonWebKey): PublicJwk {
  const { kty, crv, x, y } = jwk;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') {
    throw new Error('not a P-256 key');
  }
  return { kty, crv, x, y };
}

export function publicKeyOf(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: { ...publicMembers(jwk) }, format: 'jwk' });
}

/** RFC 7638 section 3: SHA-256 of the required members in lexical order, without spaces. */
export function thumbprint({ crv, kty, x, y }: PublicJwk): string {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
}
