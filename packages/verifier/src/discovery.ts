// Where an issuer keeps its keys, as its metadata says (RFC 8414). The document has to name the very issuer that was asked
// for, and an issuer on https never sends us to http.
import { getJson } from './bounded-json';
import type { Settings } from './options';
import { LatchkeyVerifyError } from './verify-error';

const WELL_KNOWN = '/.well-known/oauth-authorization-server';

/** @throws LatchkeyVerifyError issuer_unavailable */
export async function discoverKeys(settings: Settings): Promise<URL> {
  if (settings.jwksUri !== undefined) return settings.jwksUri;
  const url = metadataUrl(settings.issuer);
  const metadata = await getJson(url, settings);
  const { issuer, jwks_uri } = (metadata ?? {}) as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
  if (issuer !== settings.issuer) throw unusable(url, 'names another issuer');
  if (typeof jwks_uri !== 'string' || !URL.canParse(jwks_uri)) throw unusable(url, 'has no jwks_uri');
  const keys = new URL(jwks_uri);
  if (keys.protocol !== 'https:' && keys.protocol !== url.protocol)
    throw unusable(url, 'has a jwks_uri that is not https');
  return keys;
}

/** RFC 8414 section 3.1: between host and path, and without the slash that ends an address. */
export function metadataUrl(issuer: string): URL {
  const { origin, pathname } = new URL(issuer);
  return new URL(`${origin}${WELL_KNOWN}${pathname.replace(/\/$/, '')}`);
}

function unusable(url: URL, reason: string): LatchkeyVerifyError {
  return new LatchkeyVerifyError('issuer_unavailable', `${url.href} ${reason}`);
}
