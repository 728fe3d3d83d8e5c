// Secrets of client apps: `ak_` and 32 random bytes. Only their SHA-256 is kept, which suffices because 256 random bits cannot be guessed.
// Its look-up tells nothing by its duration, because nobody can choose the digest that is looked up.
import { hash } from 'node:crypto';
import { Secret } from '../../config/secret';

const form = /^ak_[A-Za-z0-9_-]{43}$/;

/** @param chance 32 random bytes */
export function secretFrom(chance: Buffer): Secret {
  return new Secret(`ak_${chance.toString('base64url')}`);
}

/** @returns 32 bytes; undefined for a text that cannot be a secret of ours */
export function secretDigest(presented: string): Buffer | undefined {
  return form.test(presented) ? hash('sha256', presented, 'buffer') : undefined;
}
