// The form of a token that is rotated in place (protocol.md 6): kind_<kid>_base64url(row id 16 | generation 4 | secret 32 | tag 16). The
// tag proves, before any query, that we have made the token. So garbage costs no statement, and an old token can be told from garbage
// without keeping a history. The tag gives no access: only the stored digest decides whether a token is accepted.
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { parse as uuidBytes, stringify as uuidText } from 'uuid';
import { Keyring } from '../platform/crypto/keyring';
import { Random } from '../platform/random/random';

export interface NewRotatingToken {
  /** For the client, once. Never stored. */
  readonly token: string;
  /** SHA-256 of the whole token, 32 bytes, which the row keeps. */
  readonly digest: Buffer;
}

export interface RotatingTokenParts {
  /** Id of the row. */
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

/** Makes and reads one kind of such tokens. No kind is accepted as another, because each has a key of its own for its tags. */
@Injectable()
export abstract class RotatingTokens {
  /** Two letters, with which the token begins. */
  protected abstract readonly kind: string;
  /** Purpose of the key for the tags (Keyring.derive). */
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
   * @returns undefined for a text that is no token of this kind of ours; then no query is needed
   * @throws AppError not_ready when it names a key id that is not on the ring (protocol.md 2: 503, not 401)
   */
  read(token: string): RotatingTokenParts | undefined {
    const [, kind, kid, encoded] = shape.exec(token) ?? [];
    if (kind !== this.kind || kid === undefined || encoded === undefined) return undefined;
    const bytes = Buffer.from(encoded, 'base64url');
    // The last character has bits that no byte uses. Comparing the text makes sure that only one spelling is the token.
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
  return hash('sha256', token, 'buffer');
}
