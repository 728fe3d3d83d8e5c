// Pseudonyms of phones and identifiers for limit keys, budgets and audit rows: HMAC-SHA-256 under a key of its own for each purpose.
// So nobody can search a dump by hashing all numbers.
import { createHmac } from 'node:crypto';
import { Keyring } from './keyring';

export class KeyedDigest {
  constructor(private readonly keyring: Keyring) {}

  /**
   * 32 bytes, always the same under one current key id. After a rotation the same text has another digest: look for rows that live longer than
   * a key with `all`.
   * @param purpose a constant of the code, such as 'phone' or 'identifier'; digests of two purposes never match
   */
  digest(purpose: string, text: string): Buffer {
    return this.under(this.keyring.currentKid, purpose, text);
  }

  /** The digest as text, for use in a key. */
  text(purpose: string, text: string): string {
    return this.digest(purpose, text).toString('base64url');
  }

  /** The digests under every key id of the ring, the current one first: for rows that live longer than a key. */
  all(purpose: string, text: string): Buffer[] {
    return this.keyring.kids.map((kid) => this.under(kid, purpose, text));
  }

  private under(kid: string, purpose: string, text: string): Buffer {
    const key = this.keyring.derive(`latchkey/${purpose}-digest/v1`, kid);
    return createHmac('sha256', key).update(text, 'utf8').digest();
  }
}
