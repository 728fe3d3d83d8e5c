// How costly a foreign hash may be (design D11: no login may keep a core busy or fill the machine's memory). Asked when a hash is imported, and
// again whenever a password is compared with it, so a damaged or manipulated row cannot cost more than an import may. Pure.
// Each bound is about one or two seconds of one core, more than the makers of these schemes advise (ADR 47).
import type { ForeignHash } from './foreign-hash.types';

const MIB = 1024 * 1024;

export const MAX_MEMORY_BYTES = 128 * MIB;
/** bcrypt: 2^14 rounds take a second and a half. */
const MAX_BCRYPT_COST = 14;
/** argon2: memory times passes. */
const MAX_ARGON2_BYTES = 512 * MIB;
/** scrypt: memory times parallelism. */
const MAX_SCRYPT_BYTES = 256 * MIB;
/** pbkdf2: iterations times blocks of output. SHA-512 is half as fast. */
const MAX_ITERATIONS = { sha1: 2_000_000, sha256: 2_000_000, sha512: 1_000_000 } as const;
const OUTPUT_BYTES = { sha1: 20, sha256: 32, sha512: 64 } as const;

/** Whether computing it stays within these bounds. The numbers may be any that a text can hold. */
export function isAffordable(hash: ForeignHash): boolean {
  switch (hash.scheme) {
    case 'bcrypt':
      return hash.cost <= MAX_BCRYPT_COST;
    case 'argon2id': {
      const memory = hash.memoryKib * 1024;
      return memory <= MAX_MEMORY_BYTES && memory * hash.passes <= MAX_ARGON2_BYTES;
    }
    case 'pbkdf2': {
      const blocks = Math.ceil(hash.digest.length / OUTPUT_BYTES[hash.hash]);
      return hash.iterations * blocks <= MAX_ITERATIONS[hash.hash];
    }
    case 'scrypt':
    case 'firebase-scrypt': {
      const memory = 128 * 2 ** hash.ln * hash.r;
      return memory <= MAX_MEMORY_BYTES && memory * hash.p <= MAX_SCRYPT_BYTES && hash.r * hash.p <= 256;
    }
  }
}
