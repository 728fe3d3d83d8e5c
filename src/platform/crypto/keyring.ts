// The one secret ring (design D10): each purpose gets its own key by HKDF, so no two uses ever share key bytes.
// The info text is the purpose and is part of the stored format: changing one orphans what was made under it.
import { hkdfSync } from 'node:crypto';
import { AppError } from '../errors/app-error';
import { platformErrors } from '../errors/platform.errors';
import type { RingSecret } from './secret-ring';

const KEY_BYTES = 32;

export class Keyring {
  /** The key id new values are made under. */
  readonly currentKid: string;
  private readonly secrets: ReadonlyMap<string, Buffer>;
  private readonly derived = new Map<string, Buffer>();

  /** @param secrets from parseSecretRing; the first is current. @throws Error when empty: a wiring mistake. */
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
   * HKDF-SHA-256(secret[kid], salt "", info, 32 bytes), cached: `info` is a constant of the code, never input.
   * @throws AppError not_ready for a key id this instance does not hold (yet): rotation in progress (protocol.md 2).
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
