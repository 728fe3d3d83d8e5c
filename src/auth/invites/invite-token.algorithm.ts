// Invitations: `iv_` and 32 random bytes, of which only the SHA-256 is kept; 256 bits of chance leave nothing to guess.
import { createHash } from 'node:crypto';
import { Secret } from '../../config/secret';

const form = /^iv_[A-Za-z0-9_-]{43}$/;

/** @param chance 32 bytes */
export function inviteFrom(chance: Buffer): Secret {
  return new Secret(`iv_${chance.toString('base64url')}`);
}

/** @returns 32 bytes; undefined for what never was an invitation of ours */
export function inviteDigest(presented: string): Buffer | undefined {
  return form.test(presented) ? createHash('sha256').update(presented).digest() : undefined;
}
