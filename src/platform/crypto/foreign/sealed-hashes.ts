// Foreign hashes at rest: f1$ and a sealed box around the written hash. Our own are worthless without the pepper; these get the same
// protection from the ring, so a stolen dump gives nothing to try passwords against (ADR 47).
import { AppError } from '../../errors/app-error';
import { platformErrors } from '../../errors/platform.errors';
import type { SealedBox } from '../sealed-box';
import { textOf } from './foreign-hash';
import type { ForeignHash } from './foreign-hash.types';
import { readForeignHash } from './read-foreign-hash';

/** How every sealed hash begins; the index of migration 1763700000051 and the statements that count them say the same. */
const PREFIX = 'f1$';
const CONTEXT = 'users.password_hash';

export class SealedHashes {
  constructor(private readonly boxes: SealedBox) {}

  /** @returns text to store as the password's hash */
  seal(hash: ForeignHash): string {
    return `${PREFIX}${this.boxes.seal(Buffer.from(textOf(hash), 'utf8'), CONTEXT).toString('base64')}`;
  }

  /**
   * Plain bcrypt is read as well.
   * @returns undefined for any other text, damage, and what would cost more than an import may
   * @throws AppError not_ready when it is sealed under a key that is not on the ring
   */
  open(stored: string): ForeignHash | undefined {
    const text = stored.startsWith(PREFIX) ? this.unseal(stored.slice(PREFIX.length)) : plainBcrypt(stored);
    const read = text === undefined ? undefined : readForeignHash(text);
    return read?.ok === true ? read.hash : undefined;
  }

  private unseal(encoded: string): string | undefined {
    const opened = this.boxes.open(Buffer.from(encoded, 'base64'), CONTEXT);
    if (opened.ok) return opened.plain.toString('utf8');
    if (opened.reason === 'damaged') return undefined;
    throw new AppError(platformErrors.not_ready, {
      reason: 'a key id that is not in SECRET_KEYS',
      retryAfterSeconds: 5,
    });
  }
}

function plainBcrypt(stored: string): string | undefined {
  return stored.startsWith('$2') ? stored : undefined;
}
