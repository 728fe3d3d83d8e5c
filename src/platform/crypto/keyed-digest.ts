// Pseudonyms: what stands in limit keys, budgets and audit rows instead of a phone or an identifier.
// HMAC-SHA-256 under a key of its own per purpose, so a dump cannot be searched by hashing all numbers.
import { createHmac } from 'node:crypto';
import { Keyring } from './keyring';

export class KeyedDigest {
  constructor(private readonly keyring: Keyring) {}

  /**
   * 32 bytes. Deterministic for one current key id: after a rotation the same text has another digest, so use it only
   * for rows that live shorter than a key.
   * @param purpose a constant of the code such as 'phone' or 'identifier'; digests of two purposes never match
   */
  digest(purpose: string, text: string): Buffer {
    const key = this.keyring.derive(`latchkey/${purpose}-digest/v1`, this.keyring.currentKid);
    return createHmac('sha256', key).update(text, 'utf8').digest();
  }
}
