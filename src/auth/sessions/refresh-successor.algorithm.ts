// Seals the successor of a refresh token or trusted device's token, so that only the holder of the token before it can read it (protocol.md 6). So a
// second tab can get the same successor during the grace, and a dump of the database contains no usable token.
// sealed = nonce 12 | AES-256-GCM(HKDF-SHA-256(presented token), successor) with its tag of 16; aad = id of the row 16 | generation 4.
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parse as uuidBytes } from 'uuid';
import { Random } from '../../platform/random/random';
import type { RotatingTokenParts } from '../rotating-token.algorithm';

/** Names the presented token. A seal that was moved to another row or generation does not open. */
type SealContext = Pick<RotatingTokenParts, 'id' | 'generation'>;

const INFO = 'latchkey/refresh-successor/v1';
const NO_SALT = '';
const FIRST_BLOCK = Buffer.of(1);
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

@Injectable()
export class RefreshSuccessor {
  constructor(private readonly random: Random) {}

  seal(successor: string, presented: string, context: SealContext): Buffer {
    const nonce = this.random.bytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, keyOf(presented), nonce).setAAD(aadOf(context));
    return Buffer.concat([nonce, cipher.update(successor, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error when it was sealed under another token, for another row or generation, or was changed */
  open(sealed: Buffer, presented: string, context: SealContext): string {
    const tagAt = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv(CIPHER, keyOf(presented), sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(aadOf(context)).setAuthTag(sealed.subarray(tagAt));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, tagAt)), decipher.final()]).toString('utf8');
  }
}

/**
 * HKDF-SHA-256 of RFC 5869, extract and expand; its first block is the whole key. Node's hkdfSync costs several times as much, because it
 * makes a key object and lets OpenSSL look up the algorithm by name each time (ADR 91).
 */
function keyOf(presented: string): Buffer {
  const extracted = createHmac('sha256', NO_SALT).update(presented).digest();
  return createHmac('sha256', extracted).update(INFO).update(FIRST_BLOCK).digest();
}

function aadOf({ id, generation }: SealContext): Buffer {
  const aad = Buffer.alloc(20);
  aad.set(uuidBytes(id), 0);
  aad.writeUInt32BE(generation, 16);
  return aad;
}
