// Encryption at rest by AES-256-GCM under a key of the ring, for signing keys and TOTP seeds.
// box = version 1 | kid length 1 | kid | nonce 12 | tag 16 | ciphertext. The kid and the context are authenticated with it.
// Invariant: when anything is wrong with a box, open() gives one word for the reason and no plaintext.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Random } from '../random/random';
import { Keyring } from './keyring';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INFO = 'latchkey/seal/v1';

/** unknown_key: its secret is not on the ring. damaged: changed, cut, sealed for another context, or not a box. */
export type Opened =
  { readonly ok: true; readonly plain: Buffer } | { readonly ok: false; readonly reason: 'unknown_key' | 'damaged' };

export class SealedBox {
  constructor(
    private readonly keyring: Keyring,
    private readonly random: Random,
  ) {}

  /** @param context what the value belongs to (table, column, row id): moved to another row, the box does not open */
  seal(plain: Buffer, context: string): Buffer {
    const kid = Buffer.from(this.keyring.currentKid, 'ascii');
    const head = Buffer.concat([Buffer.from([VERSION, kid.length]), kid]);
    const nonce = this.random.bytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keyring.derive(INFO, this.keyring.currentKid), nonce);
    cipher.setAAD(authenticated(head, context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([head, nonce, cipher.getAuthTag(), body]);
  }

  /** Whether it is sealed under the current key. If not, it should be sealed again when it is next written. */
  isCurrent(box: Buffer): boolean {
    return box.toString('ascii', 2, 2 + (box[1] ?? 0)) === this.keyring.currentKid;
  }

  open(box: Buffer, context: string): Opened {
    const kidEnd = 2 + (box[1] ?? 0);
    const bodyStart = kidEnd + NONCE_BYTES + TAG_BYTES;
    if (box[0] !== VERSION || box.length < bodyStart) return { ok: false, reason: 'damaged' };
    const kid = box.toString('ascii', 2, kidEnd);
    if (!this.keyring.has(kid)) return { ok: false, reason: 'unknown_key' };
    const nonce = box.subarray(kidEnd, kidEnd + NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.keyring.derive(INFO, kid), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(authenticated(box.subarray(0, kidEnd), context));
    decipher.setAuthTag(box.subarray(kidEnd + NONCE_BYTES, bodyStart));
    try {
      return { ok: true, plain: Buffer.concat([decipher.update(box.subarray(bodyStart)), decipher.final()]) };
    } catch {
      return { ok: false, reason: 'damaged' };
    }
  }
}

// The head contains its own length, so no other pair of head and context gives the same bytes.
function authenticated(head: Buffer, context: string): Buffer {
  return Buffer.concat([head, Buffer.from(context, 'utf8')]);
}
