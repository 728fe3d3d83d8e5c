// Client id and secret in HTTP Basic (RFC 7617). Each is form-encoded first, as RFC 6749 section 2.3.1 says.

export interface ClientCredentials {
  readonly clientId: string;
  readonly secret: string;
}

const basic = /^Basic +([A-Za-z0-9+/]{1,1024}={0,2}) *$/i;

/** @returns undefined for any other scheme, or when it is malformed */
export function basicCredentials(authorization: string | undefined): ClientCredentials | undefined {
  const encoded = basic.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, clientId = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  try {
    return { clientId: formDecoded(clientId), secret: formDecoded(secret) };
  } catch {
    return undefined;
  }
}

/** @throws URIError for a percent sign that is not followed by two hexadecimal digits */
function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
