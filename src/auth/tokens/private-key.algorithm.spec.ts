import { createECDH, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { OperatorError } from '../../platform/process/operator-error';
import { thumbprint } from './jwk.algorithm';
import { readSigningKey } from './private-key.algorithm';

const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;
const key = ec('prime256v1');
const pem = (which: KeyObject, type: 'pkcs8' | 'sec1' = 'pkcs8'): string =>
  which.export({ type, format: 'pem' }).toString();
const jwk = { ...key.export({ format: 'jwk' }) };

it.each([
  ['PKCS #8', pem(key)],
  ['SEC 1', pem(key, 'sec1')],
  ['JWK', JSON.stringify(jwk)],
  ['JWK with other members and spaces', `\n${JSON.stringify({ ...jwk, kid: 'theirs', use: 'sig' }, null, 2)}\n`],
])('reads %s, under the thumbprint of its public half', (_name, text) => {
  const read = readSigningKey(text);
  const { x = '', y = '' } = jwk;
  expect(read.publicJwk).toEqual({ kty: 'EC', crv: 'P-256', x, y });
  expect(read.kid).toBe(thumbprint({ kty: 'EC', crv: 'P-256', x, y }));
  expect(read.privateKey.equals(key)).toBe(true);
});

it.each<[string, string, RegExp]>([
  ['another curve', pem(ec('secp384r1')), /not a P-256 key: it is on secp384r1/],
  ['the other curve of 256 bits', pem(ec('secp256k1')), /not a P-256 key: it is on secp256k1/],
  ['another kind', pem(generateKeyPairSync('ed25519').privateKey), /of type ed25519/],
  ['RSA', pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey), /of type rsa/],
  ['a public key', createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(), /not a private key/],
  ['a public JWK', JSON.stringify({ ...jwk, d: undefined }), /not a private key/],
  ['halves of two pairs', JSON.stringify({ ...jwk, d: otherPrivateHalf() }), /belong together/],
  ['an encrypted key', encrypted(), /encrypted/],
  ['a symmetric key', JSON.stringify({ kty: 'oct', k: 'AAAA' }), /not a private key/],
  ['broken JSON', '{"kty":', /not a private key/],
  ['a cut PEM', pem(key).slice(0, 90), /not a private key/],
  ['nothing', '', /not a private key/],
])('refuses %s in one line that quotes nothing', (_name, text, reason) => {
  const refusal = refusalOf(text);
  expect(refusal).toBeInstanceOf(OperatorError);
  expect(refusal?.message).toMatch(reason);
  expect(refusal?.message).toMatch(/^[^\n]{1,120}$/);
});

function refusalOf(text: string): Error | undefined {
  try {
    readSigningKey(text);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function otherPrivateHalf(): string {
  const other = createECDH('prime256v1');
  other.generateKeys();
  // A private half with a leading zero is shorter here than a JWK must have it.
  return Buffer.concat([Buffer.alloc(32), other.getPrivateKey()])
    .subarray(-32)
    .toString('base64url');
}

function encrypted(): string {
  return key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }).toString();
}
