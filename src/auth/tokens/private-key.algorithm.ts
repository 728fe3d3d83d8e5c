// Reads an existing private key of the operator as a signing key: PEM (PKCS #8 or SEC 1) or JWK, P-256, private and public half belonging together.
import { createPrivateKey, createPublicKey, JsonWebKey, KeyObject, sign, verify } from 'node:crypto';
import { OperatorError } from '../../platform/process/operator-error';
import { NewSigningKey, publicMembers, thumbprint } from './jwk.algorithm';

const P_256 = 'prime256v1';
const probe = Buffer.from('latchkey');

/** @throws OperatorError that says what the text is instead, without quoting it */
export function readSigningKey(text: string): NewSigningKey {
  const privateKey = parsed(text);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKey;
  if (type !== 'ec' || details?.namedCurve !== P_256) {
    throw new OperatorError(
      `not a P-256 key: it is ${type === 'ec' ? `on ${details?.namedCurve}` : `of type ${type}`}`,
    );
  }
  const publicKey = createPublicKey(privateKey);
  if (!verify('sha256', probe, publicKey, sign('sha256', probe, privateKey))) {
    throw new OperatorError('not a key pair: its private half and its public half do not belong together');
  }
  const publicJwk = publicMembers(publicKey.export({ format: 'jwk' }));
  return { kid: thumbprint(publicJwk), publicJwk, privateKey };
}

function parsed(text: string): KeyObject {
  if (/ENCRYPTED/.test(text)) throw new OperatorError('not readable: the key is encrypted, decrypt it first');
  if (/-----BEGIN (PUBLIC KEY|CERTIFICATE)-----/.test(text)) throw new OperatorError('not a private key');
  try {
    const isJwk = text.trimStart().startsWith('{');
    return isJwk ? createPrivateKey({ key: jwkFrom(text), format: 'jwk' }) : createPrivateKey(text);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    // Node 26 itself checks whether the two halves of a JWK belong together.
    if ((error as NodeJS.ErrnoException).code === 'ERR_CRYPTO_INVALID_JWK') {
      throw new OperatorError('not a private key: x, y and d of a JWK are read, which belong together');
    }
    throw new OperatorError('not a private key: PEM (PKCS #8 or SEC 1) or JWK is read');
  }
}

function jwkFrom(text: string): JsonWebKey {
  const jwk = JSON.parse(text) as JsonWebKey;
  if (jwk.kty === 'EC' && jwk.d === undefined) throw new OperatorError('not a private key');
  return jwk;
}
