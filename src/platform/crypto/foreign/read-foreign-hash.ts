// Which written password hashes are understood (ADR 47). This is the only way to make a ForeignHash, and it bounds every part:
//
//   bcrypt    $2a$ $2b$ $2y$; Django's bcrypt$
//   argon2id  PHC, version 19; Django's argon2$
//   scrypt    PHC and passlib; Django scrypt$N$salt$r$p$base64; Werkzeug scrypt:N:r:p$salt$hex
//   PBKDF2    PHC; passlib $pbkdf2-sha256$rounds$; Django pbkdf2_sha256$rounds$salt$base64; Werkzeug pbkdf2:sha256:rounds$salt$hex
//   Firebase  our own form, which firebase-scrypt.ts makes
import type { ForeignHash, Pbkdf2Digest } from './foreign-hash.types';
import { isAffordable } from './hash-cost';
import { type PhcText, phcText, respelled } from './hash-text';

/** unknown: no scheme that we compute. malformed: a known scheme, but damaged. too_costly: it would take too much time or memory. */
export type Refusal = 'unknown' | 'malformed' | 'too_costly';
export type ReadHash =
  { readonly ok: true; readonly hash: ForeignHash } | { readonly ok: false; readonly refusal: Refusal };

const MAX_CHARACTERS = 512;
const MAX_SALT_BYTES = 128;
/** A shorter digest could be matched by chance. */
const MIN_DIGEST_BYTES = 16;
const MAX_DIGEST_BYTES = 128;

const bcryptShape = /^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{53})$/;
const scheme = /^\$(2[aby]|argon2id|(?:firebase-)?scrypt|pbkdf2-sha(?:1|256|512))\$/;

/** @param text in one of the spellings above */
export function readForeignHash(text: string): ReadHash {
  if (text.length > MAX_CHARACTERS) return { ok: false, refusal: 'malformed' };
  const spelled = respelled(text);
  if (!scheme.test(spelled)) return { ok: false, refusal: 'unknown' };
  const hash = spelled.startsWith('$2') ? bcryptOf(spelled) : saltedOf(phcText(spelled));
  if (hash === undefined) return { ok: false, refusal: 'malformed' };
  return isAffordable(hash) ? { ok: true, hash } : { ok: false, refusal: 'too_costly' };
}

// $2a, $2b and $2y name the same function for texts without NUL. The library reads only the first two.
function bcryptOf(text: string): ForeignHash | undefined {
  const [, cost, rest] = bcryptShape.exec(text) ?? [];
  return Number(cost) >= 4 ? { scheme: 'bcrypt', cost: Number(cost), text: `$2b$${cost}$${rest}` } : undefined;
}

function saltedOf(phc: PhcText | undefined): ForeignHash | undefined {
  if (phc === undefined || phc.salt.length > MAX_SALT_BYTES) return undefined;
  if (phc.digest.length < MIN_DIGEST_BYTES || phc.digest.length > MAX_DIGEST_BYTES) return undefined;
  if (phc.id === 'argon2id') return argon2idOf(phc);
  return phc.id.startsWith('pbkdf2-') ? pbkdf2Of(phc) : scryptOf(phc);
}

function argon2idOf({ numbers, salt, digest }: PhcText): ForeignHash | undefined {
  const { v, m: memoryKib = 0, t: passes = 0, p: lanes = 0 } = numbers;
  const isSound = hasOnly(numbers, ['v', 'm', 't', 'p']) && v === 19 && lanes <= 64 && memoryKib >= 8 * lanes;
  return isSound && salt.length >= 8 ? { scheme: 'argon2id', memoryKib, passes, lanes, salt, digest } : undefined;
}

function scryptOf({ id, numbers, salt, digest }: PhcText): ForeignHash | undefined {
  const { ln = 0, r = 0, p = 0 } = numbers;
  if (!hasOnly(numbers, ['ln', 'r', 'p']) || ln > 63) return undefined;
  return { scheme: id === 'scrypt' ? 'scrypt' : 'firebase-scrypt', ln, r, p, salt, digest };
}

/** A PHC string may also give the length of its digest. */
function pbkdf2Of({ id, numbers, salt, digest }: PhcText): ForeignHash | undefined {
  const { i: iterations = 0, l = digest.length } = numbers;
  if (!hasOnly({ ...numbers, l }, ['i', 'l']) || l !== digest.length) return undefined;
  return { scheme: 'pbkdf2', hash: id.slice('pbkdf2-'.length) as Pbkdf2Digest, iterations, salt, digest };
}

/** Whether the string has these numbers and no others, and none is 0. */
function hasOnly(numbers: Readonly<Record<string, number>>, names: readonly string[]): boolean {
  const isWhole = names.every((name) => (numbers[name] ?? 0) >= 1);
  return isWhole && Object.keys(numbers).length === names.length;
}
