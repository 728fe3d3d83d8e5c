// A password hash that another system made: how it is written here, and how a password is compared with it.
// One written form for each scheme, whatever spelling it came in (read-foreign-hash.ts), so that login knows five forms and no more.
// Only what hash-cost.ts allows may be computed; readForeignHash is the only maker of these values and asks it.
import { createCipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { compare } from 'bcrypt';
import type { ForeignHash, Salted, ScryptCost } from './foreign-hash.types';
import { MAX_MEMORY_BYTES } from './hash-cost';

/** scrypt needs a little beside its table. */
const SCRYPT_MAX_MEMORY = MAX_MEMORY_BYTES + 32 * 1024 * 1024;
const FIREBASE_KEY_BYTES = 32;
const AES_BLOCK_BYTES = 16;

const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt);
const pbkdf2Async = promisify(pbkdf2);

/**
 * Off the event loop. @returns whether the password, exactly as it was typed, is the one the hash was made of; never with a NUL in it:
 * bcrypt stops there, and the others take a text and the same with NULs behind it for one (HMAC fills its key up with zeros)
 */
export async function isPasswordOf(password: string, hash: ForeignHash): Promise<boolean> {
  return (await isMadeOf(password, hash)) && !password.includes('\0');
}

async function isMadeOf(password: string, hash: ForeignHash): Promise<boolean> {
  switch (hash.scheme) {
    case 'bcrypt':
      return compare(password, hash.text);
    case 'argon2id': {
      const { verify } = await import('@node-rs/argon2'); // here: 4 MB that few need
      return verify(textOf(hash), password);
    }
    case 'scrypt':
      return timingSafeEqual(await scryptKey(password, hash, hash.digest.length), hash.digest);
    case 'firebase-scrypt':
      return timingSafeEqual(keystream(await scryptKey(password, hash, FIREBASE_KEY_BYTES), hash.digest), hash.digest);
    case 'pbkdf2': {
      const { salt, iterations, digest } = hash;
      return timingSafeEqual(await pbkdf2Async(password, salt, iterations, digest.length, hash.hash), digest);
    }
  }
}

/** The one form it is kept in, in the style of PHC strings. readForeignHash reads it back. */
export function textOf(hash: ForeignHash): string {
  if (hash.scheme === 'bcrypt') return hash.text;
  const tail = `${base64(hash.salt)}$${base64(hash.digest)}`;
  switch (hash.scheme) {
    case 'argon2id':
      return `$argon2id$v=19$m=${hash.memoryKib},t=${hash.passes},p=${hash.lanes}$${tail}`;
    case 'pbkdf2':
      return `$pbkdf2-${hash.hash}$i=${hash.iterations}$${tail}`;
    case 'scrypt':
    case 'firebase-scrypt':
      return `$${hash.scheme}$ln=${hash.ln},r=${hash.r},p=${hash.p}$${tail}`;
  }
}

function scryptKey(password: string, { salt, ln, r, p }: ScryptCost & Salted, bytes: number): Promise<Buffer> {
  return scryptAsync(password, salt, bytes, { N: 2 ** ln, r, p, maxmem: SCRYPT_MAX_MEMORY });
}

/** AES-256 in counter mode from zero, over as many zeros as the digest is long. */
function keystream(key: Buffer, { length }: Buffer): Buffer {
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(AES_BLOCK_BYTES)).update(Buffer.alloc(length));
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
