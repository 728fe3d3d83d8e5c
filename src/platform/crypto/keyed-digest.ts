// Pseudonyms: what stands in limit keys, budgets and audit rows instead of a phone or an identifier.
// HMAC-SHA-256 under a key of its own per purpose, so a dump cannot be searched by hashing all numbers.
import { createHmac } from 'node:crypto';
import { Keyring } from './keyring';

export class KeyedDigest {
  constructor(private readonly keyring: Keyring) {}

  /**
   * 32 bytes. Deterministic for one current key id: after a rotation the same text has another digest, so rows that
   * live longer than a key are looked for with `all`.
   * @param purpose a constant of the code such as 'phone' or 'identifier'; digests of two purposes never match
   */
  digest(purpose: string, text: string): Buffer {
    return this.under(this.keyring.currentKid, purpose, text);
  }

  /** The same as text, to be part of a key. */
  text(purpose: string, text: string): string {
    return this.digest(purpose, text).toString('base64url');
  }

  /** Under every key id held, the current one first: to find rows that live longer than a key. */
  all(purpose: string, text: string): Buffer[] {
    return this.keyring.kids.map((kid) => this.under(kid, purpose, text));
  }

  private under(kid: string, purpose: string, text: string): Buffer {
    const key = this.keyring.derive(`latchkey/${purpose}-digest/v1`, kid);
    return createHmac('sha256', key).update(text, 'utf8').digest();
  }
}
