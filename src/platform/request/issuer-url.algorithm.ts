// Where the metadata of an issuer is found (RFC 8414 section 3.1): the well-known name goes between host and path, so that
// https://id.example/tenant is described at https://id.example/.well-known/oauth-authorization-server/tenant.

export const METADATA_PATH = '/.well-known/oauth-authorization-server';

/** @returns the path, or undefined when the issuer is no URL that can be discovered (it has a query, or is just a name) */
export function metadataPathOf(issuer: string): string | undefined {
  if (!URL.canParse(issuer) || /[?#]/.test(issuer)) return undefined;
  const { protocol, pathname } = new URL(issuer);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return `${METADATA_PATH}${pathname.replace(/\/$/, '')}`;
}
