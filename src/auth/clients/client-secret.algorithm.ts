// Secrets of client apps: `ak_` and 32 random bytes. Only the SHA-256 is kept, which is enough for 256 bits of chance
// (no guess can be tried against it), and looking it up tells nothing by its time: who asks cannot choose the digest.
import { createHash } from 'node:crypto';
import { Secret } from '../../config/secret';

const form = /^ak_[A-Za-z0-9_-]{43}$/;

/** @param chance 32 bytes */
export function secretFrom(chance: Buffer): Secret {
  return new Secret(`ak_${chance.toString('base64url')}`);
}

/** @returns 32 bytes; undefined for what never was a secret of ours */
export function secretDigest(presented: string): Buffer | undefined {
  return form.test(presented) ? createHash('sha256').update(presented).digest() : undefined;
}
