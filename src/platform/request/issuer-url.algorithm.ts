// Where the metadata of an issuer is found (RFC 8414 section 3.1). The well-known name goes between host and path: the metadata of
// https://id.example/tenant is at https://id.example/.well-known/oauth-authorization-server/tenant.

export const METADATA_PATH = '/.well-known/oauth-authorization-server';

/** @returns the path; undefined when the issuer has no such address: its URL has a query, or it is only a name */
export function metadataPathOf(issuer: string): string | undefined {
  if (!URL.canParse(issuer) || /[?#]/.test(issuer)) return undefined;
  const { protocol, pathname } = new URL(issuer);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return `${METADATA_PATH}${pathname.replace(/\/$/, '')}`;
}
