import { parseSecretRing, RingSecret } from '../platform/crypto/secret-ring';
import { ConfigSlice, Problem } from './config-slice';
import { EnvSecret } from './fields';
import { Secret } from './secret';

/** SECRET_KEYS, the ring of secrets (design D10). In development, withDevelopmentSecrets generates it. */
export class KeyringConfig extends ConfigSlice {
  @EnvSecret() SECRET_KEYS?: Secret;

  override problems(): Problem[] {
    if (this.SECRET_KEYS === undefined) return [{ key: 'SECRET_KEYS', reason: 'is required' }];
    const ring = parseSecretRing(this.SECRET_KEYS.reveal());
    return ring.ok ? [] : [{ key: 'SECRET_KEYS', reason: ring.reason }];
  }

  /** The secrets of the ring, the current one first. Empty only when problems() has refused the ring. */
  get secrets(): readonly RingSecret[] {
    const ring = parseSecretRing(this.SECRET_KEYS?.reveal() ?? '');
    return ring.ok ? ring.secrets : [];
  }
}
