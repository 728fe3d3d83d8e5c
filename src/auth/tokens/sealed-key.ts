// A private signing key as its row stores it: sealed under the ring, and bound to its key id.
import { createPrivateKey, KeyObject } from 'node:crypto';
import type { SealedBox } from '../../platform/crypto/sealed-box';
import type { NewSigningKey } from './jwk.algorithm';
import type { NewSigningKeyRow, SigningKeyRow } from './signing-keys.store';

export function sealKey(boxes: SealedBox, { kid, publicJwk, privateKey }: NewSigningKey): NewSigningKeyRow {
  const plain = privateKey.export({ format: 'der', type: 'pkcs8' });
  return { kid, public_jwk: { ...publicJwk }, private_sealed: boxes.seal(plain, context(kid)) };
}

/** @returns the key, or one word that says why it does not open: its secret is not on the ring, or the row is damaged */
export function openKey(boxes: SealedBox, { kid, private_sealed }: SigningKeyRow): KeyObject | string {
  if (private_sealed === null) return 'retired';
  const opened = boxes.open(private_sealed, context(kid));
  return opened.ok ? createPrivateKey({ key: opened.plain, format: 'der', type: 'pkcs8' }) : opened.reason;
}

function context(kid: string): string {
  return `signing_keys/${kid}`;
}
