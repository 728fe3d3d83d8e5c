// A password hash that another system made: how it is written here, and how a password is compared with it.
// Each scheme has one written form here, whatever spelling it came in (read-foreign-hash.ts), so that login knows five forms and no more.
// Only a hash that hash-cost.ts allows may be computed. readForeignHash, the only maker of these values, asks for that.
import { createCipheriv, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { compare } from 'bcrypt';
import type { ForeignHash, Salted, ScryptCost } from './foreign-hash.types';
import { MAX_MEMORY_BYTES } from './hash-cost';

/** scrypt needs a little memory beside its table. */
const SCRYPT_MAX_MEMORY = MAX_MEMORY_BYTES + 32 * 1024 * 1024;
const FIREBASE_KEY_BYTES = 32;
const AES_BLOCK_BYTES = 16;

const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt);
const pbkdf2Async = promisify(pbkdf2);

/**
 * Runs off the event loop. A password with a NUL is never right: bcrypt stops at the NUL; and for the others a text and the same text with NULs
 * behind it are equal, because HMAC fills its key up with zeros.
 * @returns whether the hash was made of this password, compared exactly as it was typed
 */
export async function isPasswordOf(password: string, hash: ForeignHash): Promise<boolean> {
  return (await isMadeOf(password, hash)) && !password.includes('\0');
}

async function isMadeOf(password: string, hash: ForeignHash): Promise<boolean> {
  switch (hash.scheme) {
    case 'bcrypt':
      return compare(password, hash.text);
    case 'argon2id': {
      const { verify } = await import('@node-rs/argon2'); // loaded here because few need its 4 MB
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

/** The form it is stored in, in the style of PHC strings; readForeignHash reads it back. */
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

/** AES-256 in counter mode, counter from zero, over as many zero bytes as the digest has. */
function keystream(key: Buffer, { length }: Buffer): Buffer {
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(AES_BLOCK_BYTES)).update(Buffer.alloc(length));
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
