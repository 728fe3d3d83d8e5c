// The form of a token that is rotated in place (protocol.md 6): kind_<kid>_base64url(row id 16 | generation 4 | secret 32 | tag 16).
// The tag proves that a token was once ours before any query is made, so garbage costs no statement and an old token is
// told from garbage without keeping history. It opens nothing: the stored digest alone decides whether a token is accepted.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parse as uuidBytes, stringify as uuidText } from 'uuid';
import { Keyring } from '../platform/crypto/keyring';
import { Random } from '../platform/random/random';

export interface NewRotatingToken {
  /** For the client, once; never stored. */
  readonly token: string;
  /** SHA-256 of the whole token, 32 bytes: what the row keeps. */
  readonly digest: Buffer;
}

export interface RotatingTokenParts {
  /** Of the row. */
  readonly id: string;
  readonly generation: number;
  readonly digest: Buffer;
}

const GENERATION_AT = 16;
const SECRET_AT = 20;
const SECRET_BYTES = 32;
const TAG_AT = SECRET_AT + SECRET_BYTES;
const TAG_BYTES = 16;
const shape = /^([a-z]{2})_([a-z0-9]{1,16})_([A-Za-z0-9_-]{91})$/;

/** One kind of such tokens; none is good as another: their tags have keys of their own. */
@Injectable()
export abstract class RotatingTokens {
  /** Two letters, first in the token. */
  protected abstract readonly kind: string;
  /** Label of the key of its tags. */
  protected abstract readonly tagInfo: string;

  constructor(
    private readonly keyring: Keyring,
    private readonly random: Random,
  ) {}

  /** @param generation 0 for a new row, one more at each rotation; below 2^32 */
  create(id: string, generation: number): NewRotatingToken {
    const kid = this.keyring.currentKid;
    const body = Buffer.alloc(TAG_AT);
    body.set(uuidBytes(id), 0);
    body.writeUInt32BE(generation, GENERATION_AT);
    this.random.bytes(SECRET_BYTES).copy(body, SECRET_AT);
    const token = `${this.kind}_${kid}_${Buffer.concat([body, this.tag(kid, body)]).toString('base64url')}`;
    return { token, digest: digestOf(token) };
  }

  /**
   * @returns undefined for anything that never was a token of this kind of ours: no query then
   * @throws AppError not_ready when it names a key id that is not on the ring (protocol.md 2: 503, not 401)
   */
  read(token: string): RotatingTokenParts | undefined {
    const [, kind, kid, encoded] = shape.exec(token) ?? [];
    if (kind !== this.kind || kid === undefined || encoded === undefined) return undefined;
    const bytes = Buffer.from(encoded, 'base64url');
    // The last character has bits that no byte uses: only one spelling of a token is that token.
    if (bytes.length !== TAG_AT + TAG_BYTES || bytes.toString('base64url') !== encoded) return undefined;
    const body = bytes.subarray(0, TAG_AT);
    if (!timingSafeEqual(bytes.subarray(TAG_AT), this.tag(kid, body))) return undefined;
    return {
      id: uuidText(body.subarray(0, GENERATION_AT)),
      generation: body.readUInt32BE(GENERATION_AT),
      digest: digestOf(token),
    };
  }

  private tag(kid: string, body: Buffer): Buffer {
    const key = this.keyring.derive(this.tagInfo, kid);
    return createHmac('sha256', key).update(body).digest().subarray(0, TAG_BYTES);
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
