// Where the instances count their limits per address and session together (design D13). Without it each instance counts by itself.
import { ConfigSlice, type Problem } from '../config/config-slice';
import { EnvSecret, isDecodable } from '../config/fields';
import { Secret } from '../config/secret';

export class RedisConfig extends ConfigSlice {
  /** redis://user:password@host:6379/0, or rediss:// for TLS with a checked certificate. Redis 6.2 or later, or Valkey. */
  @EnvSecret() REDIS_URL?: Secret;

  override problems(): Problem[] {
    const given = this.REDIS_URL?.reveal();
    if (given === undefined || isAddress(given)) return [];
    const reason = 'must be redis://host:port or rediss://host:port, special characters of a password as %XX';
    return [{ key: 'REDIS_URL', reason }];
  }
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const { protocol, hostname, pathname, search, hash } = url;
  if (!['redis:', 'rediss:'].includes(protocol) || hostname === '' || search + hash !== '') return false;
  return /^(\/\d{0,2})?$/.test(pathname) && isDecodable(url);
}
