// The cookies with the tokens of cookie mode (security.md 5.6, A46). With the prefix `__Host-`, browsers accept them only from this host
// itself, over TLS and for all paths, so that no neighbouring host can plant one. No page can read them, and pages of other sites do not
// cause them to be sent.
import { parseCookie, stringifySetCookie } from 'cookie';

const REFRESH = '__Host-rt';
const DEVICE = '__Host-td';
const ATTRIBUTES = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** @param header the header Cookie. @returns undefined when the cookie is absent or empty */
export function readRefreshCookie(header: string | undefined): string | undefined {
  return read(REFRESH, header);
}

/** @returns a value for Set-Cookie. @param maxAgeSeconds until the session ends without a further refresh */
export function refreshCookie(refreshToken: string, maxAgeSeconds: number): string {
  return stringifySetCookie({ name: REFRESH, value: refreshToken, maxAge: maxAgeSeconds, ...ATTRIBUTES });
}

/** @returns a value for Set-Cookie that makes the browser forget the cookie */
export function expiredRefreshCookie(): string {
  return stringifySetCookie({ name: REFRESH, value: '', maxAge: 0, ...ATTRIBUTES });
}

/** @param header the header Cookie. @returns undefined when the cookie is absent or empty */
export function readDeviceCookie(header: string | undefined): string | undefined {
  return read(DEVICE, header);
}

/** @returns a value for Set-Cookie. @param maxAgeSeconds until the device is no longer trusted */
export function deviceCookie(deviceToken: string, maxAgeSeconds: number): string {
  return stringifySetCookie({ name: DEVICE, value: deviceToken, maxAge: maxAgeSeconds, ...ATTRIBUTES });
}

/** @returns a value for Set-Cookie that makes the browser forget the cookie */
export function expiredDeviceCookie(): string {
  return stringifySetCookie({ name: DEVICE, value: '', maxAge: 0, ...ATTRIBUTES });
}

function read(name: string, header: string | undefined): string | undefined {
  const value = header === undefined ? undefined : parseCookie(header)[name];
  return value === '' ? undefined : value;
}
