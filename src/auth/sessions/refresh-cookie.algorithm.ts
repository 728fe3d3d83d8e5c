// The cookie that carries a refresh token of cookie mode (security.md 5.6, A46). `__Host-` makes browsers take it only from this very
// host, over TLS and for all paths, so that no neighbour can plant one; no page can read it, and none of another site sends it.
import { parseCookie, stringifySetCookie } from 'cookie';

const NAME = '__Host-rt';
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** @param header Cookie, as it came. @returns undefined when it is not among them, or empty */
export function readRefreshCookie(header: string | undefined): string | undefined {
  const value = header === undefined ? undefined : parseCookie(header)[NAME];
  return value === '' ? undefined : value;
}

/** @returns a value of Set-Cookie. @param maxAgeSeconds until the session ends without a further refresh */
export function refreshCookie(refreshToken: string, maxAgeSeconds: number): string {
  return stringifySetCookie({ name: NAME, value: refreshToken, maxAge: maxAgeSeconds, ...ATTRIBUTES });
}

/** @returns a value of Set-Cookie that makes the browser forget it */
export function expiredRefreshCookie(): string {
  return stringifySetCookie({ name: NAME, value: '', maxAge: 0, ...ATTRIBUTES });
}
