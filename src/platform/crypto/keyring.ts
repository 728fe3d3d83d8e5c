// The ring of secrets (design D10). Each purpose gets a key of its own by HKDF, so no two uses share key bytes.
// The purpose is the info text of HKDF. It must not be changed: what was made under the old text could not be read any more.
import { hkdfSync } from 'node:crypto';
import { AppError } from '../errors/app-error';
import { platformErrors } from '../errors/platform.errors';
import type { RingSecret } from './secret-ring';

const KEY_BYTES = 32;

export class Keyring {
  /** New values are made under this key id. */
  readonly currentKid: string;
  private readonly secrets: ReadonlyMap<string, Buffer>;
  private readonly derived = new Map<string, Buffer>();

  /** @param secrets from parseSecretRing; the first is current. @throws Error when there is none, a mistake in our own code */
  constructor(secrets: readonly RingSecret[]) {
    const [current] = secrets;
    if (current === undefined) throw new Error('a keyring needs at least one secret');
    this.currentKid = current.kid;
    this.secrets = new Map(secrets.map(({ kid, bytes }) => [kid, bytes]));
  }

  /** Current first. */
  get kids(): readonly string[] {
    return [...this.secrets.keys()];
  }

  has(kid: string): boolean {
    return this.secrets.has(kid);
  }

  /**
   * HKDF-SHA-256(secret[kid], salt "", info, 32 bytes), kept in memory: `info` must be a constant of the code, never input.
   * @throws AppError not_ready for a key id that this instance does not have (yet): a rotation is going on (protocol.md 2)
   */
  derive(info: string, kid: string): Buffer {
    const name = `${kid} ${info}`;
    const known = this.derived.get(name);
    if (known !== undefined) return known;
    const secret = this.secrets.get(kid);
    if (secret === undefined) {
      throw new AppError(platformErrors.not_ready, {
        reason: 'a key id that is not in SECRET_KEYS',
        retryAfterSeconds: 5,
      });
    }
    const key = Buffer.from(hkdfSync('sha256', secret, '', info, KEY_BYTES));
    this.derived.set(name, key);
    return key;
  }
}
