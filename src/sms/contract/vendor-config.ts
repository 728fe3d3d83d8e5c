// Rules that every vendor's slice shares: keys that must be there, and no clear-text vendor address in production.
import type { Environment, Problem } from '../../config/config-slice';

/** @returns one problem per key whose value is missing. */
export function missingKeys(slice: object, keys: readonly string[]): Problem[] {
  const values = slice as Readonly<Record<string, unknown>>;
  return keys.filter((key) => values[key] === undefined).map((key) => ({ key, reason: 'is required' }));
}

/** ASVS 12.3.1: in production a vendor is reached over TLS only. */
export function insecureOrigin(key: string, origin: string | undefined, environment: Environment): Problem[] {
  if (!environment.production || origin === undefined || origin.startsWith('https:')) return [];
  return [{ key, reason: 'must be https in production' }];
}
