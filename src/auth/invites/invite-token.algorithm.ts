// Invitation tokens: `iv_` and 32 random bytes. Only their SHA-256 is kept, which suffices because 256 random bits cannot be guessed.
import { hash } from 'node:crypto';
import { Secret } from '../../config/secret';

const form = /^iv_[A-Za-z0-9_-]{43}$/;

/** @param chance 32 random bytes */
export function inviteFrom(chance: Buffer): Secret {
  return new Secret(`iv_${chance.toString('base64url')}`);
}

/** @returns 32 bytes; undefined for a text that cannot be an invitation of ours */
export function inviteDigest(presented: string): Buffer | undefined {
  return form.test(presented) ? hash('sha256', presented, 'buffer') : undefined;
}
