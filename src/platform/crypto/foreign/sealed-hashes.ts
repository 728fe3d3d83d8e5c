// Foreign hashes at rest: f1$ and a sealed box with the written hash. Our own hashes are worthless to a thief who lacks the pepper. Sealing gives
// foreign ones the same protection: with a stolen dump alone, no passwords can be tried (ADR 47).
import { AppError } from '../../errors/app-error';
import { platformErrors } from '../../errors/platform.errors';
import type { SealedBox } from '../sealed-box';
import { textOf } from './foreign-hash';
import type { ForeignHash } from './foreign-hash.types';
import { readForeignHash } from './read-foreign-hash';

/** Each sealed hash begins with it. The index of migration 1763700000051 and the statements that count these hashes contain it too. */
const PREFIX = 'f1$';
const CONTEXT = 'users.password_hash';

export class SealedHashes {
  constructor(private readonly boxes: SealedBox) {}

  /** @returns text to store as the password's hash */
  seal(hash: ForeignHash): string {
    return `${PREFIX}${this.boxes.seal(Buffer.from(textOf(hash), 'utf8'), CONTEXT).toString('base64')}`;
  }

  /**
   * Reads plain bcrypt as well.
   * @returns undefined for any other or damaged text, and for a hash that is more costly than an import may bring
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
